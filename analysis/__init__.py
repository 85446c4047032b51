"""From numbers to judgement: status, signals, intervals, findings in words. No streamlit."""
