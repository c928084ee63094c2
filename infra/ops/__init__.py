"""The work of an operator, as commands: `python -m infra.ops --stage STAGE COMMAND`. docs/operations/ says when to use which."""
