"""Why an installation cannot start, as one sentence a person can act on."""


class SetupProblem(Exception):
    """The installation cannot do what was asked; the message says why and what to do.

    The command line prints it as one line on standard error and exits with 1.
    """
