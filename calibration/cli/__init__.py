"""The ``calibrate`` command, one subcommand a file."""
