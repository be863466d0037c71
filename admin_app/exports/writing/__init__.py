"""The one writer: rows become sheets on official paper. XlsxWriter is known in this room and nowhere else."""
