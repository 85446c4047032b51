"""The weekly report: sections of neutral blocks, laid out in Word and Excel. No streamlit."""
