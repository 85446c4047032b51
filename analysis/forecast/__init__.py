"""When will promised batches be accepted? Dates, chances, and how far such dates were right."""
