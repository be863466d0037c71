"""`python -m admin_app.cli`: the command line where no script is installed."""

from admin_app.cli import heshi

if __name__ == "__main__":
    heshi()
