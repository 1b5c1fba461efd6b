"""Grade on a Dask cluster: `ClusterPool` takes the place of `WorkerPool`.

    coordinator  <-- bytes, through the scheduler -->  Dask worker  <-- lines of JSON -->  grading worker  <-->  zygote
    (journal)                                          (a thread waits)                    (`grader.batch.serve`)

- The **coordinator** is `grade batch`. It finds, reads and hashes the hand-ins, keeps the journal and writes the
  results.
- A **request** is a submission on its way: its files, the hash of the course, the seed and the limits, as bytes.
- A **Dask worker** has a `GradingPlugin`. For each of its threads, the plugin has a `WorkerPool` with one grading
  worker, as a local batch has them. Neither our checks nor a learner's program run in the Dask worker's own process.
- The **reply** is JSON as bytes. The coordinator validates it like the reply of a local worker, and unpickles nothing
  that a grading worker wrote.

A Dask worker that dies costs time: the scheduler gives its requests to others. `grader.batch.cluster` imports Dask only
in the modules that talk to it, so `grade` without `--cluster` never loads it.
"""
