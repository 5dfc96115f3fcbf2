"""The report: the only thing that is stored, shown, compared or sent; one file a format."""
