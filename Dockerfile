FROM python:3.11-slim-bookworm

# The charts in the Word report are drawn with Liberation Sans, the metric twin of Arial.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-liberation \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . ./
RUN python -m compileall -q . \
    && useradd --uid 10001 --create-home plumbline \
    && mkdir /data \
    && chown plumbline:plumbline /data

ENV PYTHONUNBUFFERED=1 \
    PLUMBLINE_HOME=/data \
    PLUMBLINE_ADDRESS=0.0.0.0 \
    PLUMBLINE_PORT=8501
USER plumbline
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/api/health', timeout=4)"]
CMD ["python", "serve.py"]
