"""The configuration as one YAML file: `regatta config export` writes it, `config apply` makes it so, whole or not."""
