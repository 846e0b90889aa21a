"""``python -m sim.cli``: the ``sim`` command where it is not installed."""

from sim.cli.main import main

main(prog_name="sim")
