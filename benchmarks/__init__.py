"""What retrotimer costs and how exact it is, each figure compared with a floor of the same run."""
