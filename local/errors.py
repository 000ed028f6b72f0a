"""The one error of this package: what happened and what to do."""


class LocalCloudError(Exception):
    """The local cloud cannot do what was asked; the text ends with the remedy."""

    def __init__(self, happened: str, *, remedy: str) -> None:
        super().__init__(f"{happened} {remedy}")
        self.happened = happened
        self.remedy = remedy
