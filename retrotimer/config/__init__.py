"""config.toml: text in, a `Config` or every mistake with its place out."""
