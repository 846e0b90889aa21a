"""``python tests/golden renew --reason "..."``: the commands of the golden histories."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # this checkout's `sim`, whatever is installed

from golden.command import main  # noqa: E402

if __name__ == "__main__":
    main()
