"""The program's side of the sound: players that are told what to play when."""
