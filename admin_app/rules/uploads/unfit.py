"""What a check says of a file that will not be taken."""


class Unfit(ValueError):
    """The file will not be taken; its text is the sentence for the person who sent it."""
