"""`python -m landscape` runs the command."""

from landscape.cli import main

if __name__ == "__main__":
    main()
