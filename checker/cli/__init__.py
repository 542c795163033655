"""The command line: arguments, exit codes and help; the work is done by the other packages."""
