"""What retrotimer costs and how exact it is, each figure against a floor of the same run."""
