"""What the command line can do, one module a topic. `cli.py` lists the commands."""
