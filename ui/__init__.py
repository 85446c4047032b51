"""Everything a page is made of; the only importer of streamlit besides app.py and serve.py."""
