"""What is measured: pure definitions. Nothing here imports pandas, duckdb or streamlit."""
