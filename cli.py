"""Run the command from a checkout: `python cli.py animate --surface ravine`."""

from landscape.cli import main

main()
