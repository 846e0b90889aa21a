"""``python -m calibration.cli`` is ``calibrate``."""

from calibration.cli.main import main

main()
