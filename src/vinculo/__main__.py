"""`python -m vinculo` is the command `vinculo`."""

import sys

from vinculo.cli.main import main

sys.exit(main())
