FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends libseccomp2 && rm -rf /var/lib/apt/lists/*
COPY . /tmp/cnn-grader
RUN bash /tmp/cnn-grader/install.sh /tmp/cnn-grader && rm -r /tmp/cnn-grader
