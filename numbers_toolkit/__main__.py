"""``python -m numbers_toolkit`` is the command line."""

from numbers_toolkit.cli import main

if __name__ == "__main__":
    main()
