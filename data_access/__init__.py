"""Files in, numbers out: extracts, ingest, the warehouse and the one SELECT writer."""
