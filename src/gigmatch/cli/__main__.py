"""``python -m gigmatch.cli``."""

from gigmatch.cli import main

main()
