// Generated from openapi.yaml by npm run generate. Do not edit.

export interface paths {
    "/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a task
         * @description Keeps a job and answers at once; a worker runs it as soon as one is free. Only `task` is needed; every other field of `POST /jobs` may be given.
         *
         *     Submitting twice makes two jobs, unless both have the same `Idempotency-Key`. After a 503 it is not known whether the job was kept.
         *
         *     With `Prefer: wait` the answer comes when the job has ended or the time is over; `status` is the job's then.
         *
         *     The errors of this operation are a `SubmitError`, `{"error": "…"}`. Without a `task` (also: without a body, or with one that is not an object) that is exactly `{"error": "Missing 'task' field"}`.
         */
        post: operations["submitTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find jobs
         * @description The jobs that have all that is asked for, in the order of their creation, page by page. Of an entry that was pushed straight into Redis it is known once a worker has taken it.
         *
         *     **Order.** With one `status` alone that has a time of its own the order is by that time: `scheduled` and `retrying` by when they are due, `active` by when they were leased, `completed`, `failed` and `cancelled` by when they ended. The few that have a rare status are then found at once, however many others there are. (With more than 10,000 active jobs, or completed ones that have been run again, it is by creation all the same.) Over several queues it is by time, too.
         *
         *     **Bounds.** One call looks at no more than 10,000 jobs, and reads no more than 32 MiB of them; then it answers with what it has found, which may be nothing, and `next_cursor` goes on from there. A page also ends early when its jobs reach 4 MiB. Without `queue` there may be no more than 100 queues.
         *
         *     **Pages hold while jobs move.** A job that is there all the time, and of the status that is asked for, comes exactly once. One that leaves a status and comes back can come again in an order by the time of that status.
         *
         *     `q` with the whole id of a job answers that job, if it has all else that is asked for. Pass the same parameters with each `cursor`.
         */
        get: operations["listJobs"];
        put?: never;
        /**
         * Create a job
         * @description Keeps a job and answers with it. It is `queued`, or `scheduled` when `delay_seconds` or `run_at` puts it off.
         *
         *     With `Prefer: wait` the answer comes when the job has ended or the time is over, with the job as it then is, its result included.
         *
         *     It is `blocked` while jobs in `depends_on` have not ended, and `cancelled` at once when one of these has failed. When another job has its `unique` key, the answer is 200 with that job, or 409; see there.
         *
         *     Creating twice makes two jobs, unless both have the same `Idempotency-Key` or the same `unique` key. After a 503 it is not known whether the job was kept. Giving both `delay_seconds` and `run_at` is an error.
         *
         *     What a job does not say itself, it has by the `settings` of its queue: defaults, and for some tasks a JSON Schema that its `input` must fit. A queue may be full: 429, and nothing is kept.
         */
        post: operations["createJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create many jobs
         * @description Keeps 1 to 1,000 jobs with one call, all of them or none, also when they are for several queues, at most 100. Each job is as in `POST /jobs`, and at most 1 MiB. Jobs of one queue and priority run in the order in which they stand here.
         *
         *     One bad job refuses them all; `path` in the error begins with its place, such as `/jobs/17`, counted from 0. When one of the queues has no room for all its jobs, or a unique key is taken and its job is to be rejected, none of any queue is kept. A job whose unique key another one has is not kept, and that one stands in its place, with `existing`. Creating twice makes each twice, unless both have the same `Idempotency-Key`. After a 503 it is not known whether the jobs were kept.
         */
        post: operations["createJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel, retry, promote or delete many jobs
         * @description Does to all jobs that `filter` means what `POST /jobs/{id}/cancel`, `/retry`, `/promote` and `DELETE /jobs/{id}` do to one, in bounded steps: a call stops when it has met `limit` matches or looked at 10,000 jobs, and `next_cursor` goes on from there. Call with it until it is `null`.
         *
         *     A match whose status does not allow the action stays as it is and counts as `unchanged`, as does one that is so already. It is safe to call again: after a 503 some jobs may have been changed, and the same call does the rest.
         *
         *     With `dry_run` nothing changes; `matched` says how many it would have been done to, or tried on.
         *
         *     The oldest jobs come first; the order and the bounds are those of `GET /jobs`.
         */
        post: operations["actOnJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a job
         * @description The job as it is now, whatever its status; with `Prefer: wait` as it is when it has ended or the time is over. `ETag` changes with everything in the answer: with `If-None-Match` the answer is 304, without a body, when it is still the same, after the wait if there is one. `PATCH` takes it as `If-Match`. `PATCH`, cancel, retry and promote answer with it as well; a submit does not.
         *
         *     A finished job is forgotten after its retention: by default completed and cancelled jobs after 24 hours, dead-lettered ones after 14 days, and the oldest of more than 100,000 of each in one queue.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Delete a job
         * @description Forgets a job that has ended, before its retention is over. One that has not is a conflict: cancel it first. Deleting it again finds nothing, and so is a 404. A job of the service's own (queues that begin with `bellhop.`) takes a key with the scope `admin` as well.
         */
        delete: operations["deleteJob"];
        options?: never;
        head?: never;
        /**
         * Edit a job
         * @description Changes a job that waits (`queued`, `scheduled`, `retrying` or `blocked`). The body is a JSON merge patch (RFC 7396), sent as `application/json`: what it does not name stays as it is, `null` takes the default again, the one of the queue where that has one. Only `input` and `tags` are replaced as a whole. `task`, `type`, `queue`, `unique`, `depends_on` and the expiry cannot be changed.
         *
         *     It is one step. What a worker has taken is `active`, and a conflict, as is a job that has ended: after a 200 no worker runs the job as it was before. With `If-Match` it is done only if the job is still as the `ETag` says (412 otherwise), so of several who have read the same one wins; without, the patch is applied to the job as it then is. After a 503 it is not known whether it was done.
         *
         *     - **Its place.** A queued job keeps its place in its queue unless its priority changes: then it goes to the tail of the other priority.
         *     - **Its time.** `run_at` or `delay_seconds` put a queued job off (it is `scheduled` then), or change when a `scheduled` or `retrying` one is due; a time that is over, 0 or `run_at: null` means now, at the tail. A `retrying` job that is put off stays `retrying`, and keeps its attempts; a `blocked` one stays `blocked` in any case, and its time counts when the jobs that it depends on have ended.
         *     - **Limits** are those of `POST /jobs`, and `input` must fit the schema that its queue has for its task.
         *
         *     A job from an entry that was pushed straight into Redis can be edited like any other, once a worker has taken it and given it back; one that is not a job cannot (409), and neither can the service's own (queues that begin with `bellhop.`).
         */
        patch: operations["editJob"];
        trace?: never;
    };
    "/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job
         * @description The job will not run, or, when it runs, what it does no longer counts: its worker is told at once, and its handler's `signal` is aborted. Whatever the worker still says of the attempt is refused.
         *
         *     Cancelling a cancelled job changes nothing. A job that has `completed` or `failed` is a conflict. A job of the service's own (queues that begin with `bellhop.`) takes a key with the scope `admin` as well.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a job
         * @description Queues a job again that has ended, whether it `completed`, `failed` or was `cancelled`: with all its attempts before it, at the tail of its queue, under the same id. Its result is dropped; its failures stay in `errors`. A job that has not ended is a conflict. A job of the service's own (queues that begin with `bellhop.`) takes a key with the scope `admin` as well.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a job now
         * @description A job that waits for its time (`scheduled` or `retrying`) is queued now. Promoting a `queued` job changes nothing; one that is `active`, `blocked` or has ended is a conflict. A job of the service's own (queues that begin with `bellhop.`) takes a key with the scope `admin` as well.
         */
        post: operations["promoteJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a job's log
         * @description The lines that the handler of a job with `keep_logs` wrote with `ctx.log`, in all its attempts: those of the level `info` and above, and of `debug` and `trace` what its worker logs too (`LOG_LEVEL`). Another job's list is empty.
         *
         *     They are written in batches, a fraction of a second after they were logged, and all of an attempt are there when its outcome is. They live as long as the job.
         *
         *     **Bounds.** Of a job the last 1,000 lines are kept, and at most 1 MiB; of one line at most 8 KiB. What is beyond that, or came while Redis was full, is dropped and counted in `dropped`. Each line has a number, which never changes; where numbers are missing, lines were dropped.
         *
         *     **Pages hold while lines come in.** A cursor is the number of a line: to ask later for what has come since, pass the number of the last line that you have.
         */
        get: operations["getJobLog"];
        put?: never;
        /**
         * Log lines of a job
         * @description Keeps lines that the worker logs while it works on a job, to be read with `GET /jobs/{id}/logs`; within the same bounds. A line that is longer than 8 KiB is cut.
         *
         *     Only of a job with `keep_logs`: of others, and when Redis has no room, `kept` is false and nothing is kept. Say what is to be seen with the outcome before you settle the job; 409 afterwards, as with `POST /jobs/{id}/complete`.
         */
        post: operations["addJobLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a job
         * @description Server-sent events of one job, until it ends. The first event, `job`, has the job as it is now (a `Job`, as `GET /jobs/{id}` answers it, and without an id). Then comes each change as a `JobEvent`, as with `GET /events`. After `completed`, `failed` or `cancelled`, or at once when the job has ended already, the last event is `end` with the reason `job_ended`, and the stream is over: close it then, since an `EventSource` would come again by itself.
         *
         *     `gap`, `end`, heartbeats, slow readers and `Last-Event-ID` are as with `GET /events`. What is replayed comes after `job`.
         */
        get: operations["followJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete a job
         * @description The attempt has succeeded: the job is `completed`, and `result` is its result. For one job, what `POST /leases/settle` does for many.
         *
         *     409 when the lease is no longer the worker's: it ran out, the job was cancelled, or the outcome has been told already. Nothing changes then.
         */
        post: operations["completeJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fail an attempt
         * @description The attempt has failed. The job is tried again after its backoff, or after `retry_after_seconds`; it goes to the dead letters when it has no attempt left, or when `retry` is false.
         *
         *     409 as with `POST /jobs/{id}/complete`.
         */
        post: operations["failJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand a job back
         * @description The job goes back to the head of its queue, and the attempt is not counted: for a worker that stops, or that has more than it can do.
         *
         *     409 as with `POST /jobs/{id}/complete`.
         */
        post: operations["releaseJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew a lease
         * @description The worker still works on the job: the lease is good for another `lease_seconds`, as many as it was asked for with. Call it at least every third of that. For one job, what `POST /leases/heartbeat` does for many.
         *
         *     409 when the lease is no longer the worker's, because it ran out or the job was cancelled (`detail` says which): stop working on the job.
         */
        post: operations["heartbeatJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow all jobs
         * @description Server-sent events of every change of every job, or of those of one queue or of some kinds, from now on. The name of an event is its kind, its data a `JobEvent`. What was done to many jobs at once comes as that many events.
         *
         *     - **Going on.** Every `JobEvent` has an id. Who comes again with it as `Last-Event-ID`, as an `EventSource` does by itself, gets what has happened since. Redis keeps what the last 1,000 batches of changes at least (10,000 when they are small) did; a batch is what one call changed, up to a few thousand jobs. An event `gap` (`StreamGap`) stands where something is missing: the id is older than what is kept, or Redis has lost its data.
         *     - **Slow readers.** A reader for whom more than 1 MiB waits is dropped when the next event comes. Its last event is `end` (`StreamEnd`) with the reason `slow_reader`; it has 10 s to read so far, and may come again with `Last-Event-ID`. When the server shuts down, the reason is `shutting_down`.
         *     - **Heartbeats.** A comment every 15 s.
         *     - Events are told at least once: after a reconnect the same may come twice, with the same id.
         */
        get: operations["followEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take jobs
         * @description Leases up to `max` jobs to a worker: they are its own until `lease_expires_at`, and are given to nobody else. Renew the leases of jobs that take longer with `POST /leases/heartbeat`, at least every third of `lease_seconds`; and say what became of each job with `POST /leases/settle`. A lease that runs out was `lost`: the job is run again, and after 3 of them it has failed.
         *
         *     The queues are looked at in the order in which they are named; within a queue it is as with all workers: priority, groups, limits, pause. Names that begin with `bellhop.` are refused.
         *
         *     **A long poll.** When there is no job the answer comes as soon as there is one, or after `wait_seconds` with none. It comes at once, with none, when the server shuts down: ask again. Thousands may wait; that costs nobody anything. A client that goes away before the answer has reached it has been given nothing: its leases are handed back at once, and no attempt is counted.
         *
         *     `worker_state` is what the operators want of the worker. One that is `quiet` or is to `stop` gets no jobs, and its polls are answered after a second at most: it is to ask no more.
         *
         *     **Bounds.** An answer ends early when its jobs reach 1 MiB; it has at most 2 MiB, unless a single job is larger.
         */
        post: operations["leaseJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leases/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew leases
         * @description The worker lives and works on these jobs: each of the leases that are named is good for as long again as it was asked for. Those that are not named end when they end. Call it at least every third of `lease_seconds`, also with no leases: that is how `GET /workers` and the operators' orders work.
         *
         *     Of each lease the answer says whether it is `held`, `lost` (it ran out, and the job may be another's) or to `cancel`: the job has been cancelled. Stop working on those; what you would say of them is refused. `worker_state` is what the operators want of the worker itself.
         */
        post: operations["heartbeatLeases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leases/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what became of jobs
         * @description Settles up to 1,000 leases, each judged by itself: `ok`, it counts; `stale`, the lease was no longer the worker's, and nothing has changed; `unknown`, there is no such job. With `lease` the next jobs are taken in the same step, as with `POST /leases`: so a busy worker needs one request a batch.
         *
         *     - `completed`: the attempt has succeeded, `result` is the job's result.
         *     - `failed`: it has failed, `error` says why. It is tried again after the job's backoff, or `retry_after_seconds`, while attempts are left and unless `retry` is false; then it goes to the dead letters.
         *     - `released`: the job goes back to the head of its queue, and the attempt is not counted.
         *
         *     What is settled is so at once, whether or not the answer waits for jobs (`lease.wait_seconds`). After a 503, or without an answer, it is not known whether it counted: send it again, without `lease`; what had counted is then `stale`.
         */
        post: operations["settleLeases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the queues
         * @description All queues by name, each in numbers. A queue comes into being with its first job, or when it is paused or set, and is forgotten with its totals when nothing is left of it, it is not paused and has no settings, and no worker waits for it; `default` is always there.
         */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{queue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a queue
         * @description One queue in numbers, all of one moment, and its settings. A queue of which nothing is left, or that never had a job, is not found; `default` is always there.
         */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a queue's settings
         * @description A JSON merge patch (RFC 7396) of the queue's `settings`, sent as `application/json`: what it does not name stays as it is, `null` takes the default again. Only a schema in `input_schemas` is replaced as a whole.
         *
         *     They are kept in Redis, and count in every process within a second; `max_length` and the limits at once. What is set of jobs counts for those submitted from then on, retention and bounds also for those that are there. A queue that does not exist comes into being by what is set of it (404 when that is nothing); one with settings stays although it is empty. At most 1,000 queues may have settings (409).
         */
        patch: operations["updateQueue"];
        trace?: never;
    };
    "/queues/{queue}/scale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many workers a queue needs
         * @description What a scaler asks: what waits, how quickly jobs come and go, and how many workers are enough, as `suggested_workers`:
         *
         *         seconds a job = active / service_rate                        (Little's law)
         *         places        = seconds a job × (arrival_rate + backlog / drain_seconds)
         *         suggested     = places / concurrency, rounded up
         *
         *     As long as the rates are not known, `places` is `backlog + active`. It is never more than that, nor more than the queue's own `concurrency` lets run. Where the queue has a `rate_limit`, no more starts a second, and of the backlog only what may start in `drain_seconds` counts; limits of groups are not looked at. There is 1 worker at least while any job waits or runs, and 0 when none does, or when the queue is paused and none runs.
         *
         *     The rates are those since it was asked for before, of any process, as a rule over the last 30 s to a minute: ask every 5 to 60 s. They are `null` when nobody has asked in the last five minutes or the queue is younger than that. A queue that never had a job needs no workers, and is found all the same.
         */
        get: operations["getQueueScale"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{queue}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a queue
         * @description No job of the queue is started from this moment on; those that run go on, and jobs are still taken in. It lasts until the queue is resumed, also over restarts. Pausing a paused queue changes nothing; one that does not exist comes into being.
         */
        post: operations["pauseQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{queue}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a queue
         * @description Lets a paused queue go on; idle workers start its jobs at once. Resuming a queue that is not paused changes nothing, and one that does not exist is not found.
         */
        post: operations["resumeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{queue}/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete jobs of a queue
         * @description Deletes the jobs in these statuses for good, with all that is kept of them; without a body those that wait (`queued`, `scheduled` and `retrying`). Active jobs are never touched. Who follows a job that had not ended gets the event `cancelled`.
         *
         *     At most 100,000 jobs a call, and fewer when they are large (3 GiB); `more` says whether to call again. The queue goes on meanwhile: jobs that come or end while it is being purged may be deleted or not, and are so for certain only when the queue was quiet.
         */
        post: operations["purgeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{queue}/dlq": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a queue's dead letters
         * @description The jobs that have `failed` for good, newest first: all attempts used up, an attempt that said not to retry, or three lost workers. They stay until they are redriven, or 14 days and 100,000 a queue by default.
         *
         *     An entry that somebody pushed straight into Redis and that is not a job is here as well: its `task` is `(not a job)`, its `input` the entry as a string, and its error says why.
         *
         *     A page ends early when its jobs reach 4 MiB; it has at least one. A queue that never had a job has no dead letters.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{queue}/dlq/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrive dead letters
         * @description Queues dead-lettered jobs again, at the end of the list of their priority: the jobs of `ids`, or without them the oldest `limit`. They start again with `attempt` 0 and `lost` 0, and keep their errors.
         *
         *     At most 1,000 jobs a call; `remaining` says whether to call again. Without a body: the oldest 1,000.
         */
        post: operations["redriveDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the schedules
         * @description All schedules by name, without `next_times`. There are at most 1,000.
         */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a schedule
         * @description What it is, what it has done, and its next five times.
         */
        get: operations["getSchedule"];
        /**
         * Create or replace a schedule
         * @description Makes jobs from a template at the times, its *slots*, that `cron` or `every_seconds` says. Each slot makes one job, however many processes there are and whatever dies meanwhile, and no job before its time has come by the clock of Redis; it is due within a fraction of a second.
         *
         *     A schedule that is there is replaced as a whole, but what it has fired stays known, and it stays paused when `paused` is not said. What is sent again as it is changes nothing. Slots of before the schedule was made, or was given other times, are not made up for.
         *
         *     - When everything was down, or could not keep the job, for more than 60 seconds after a slot, that slot is *missed*: see `missed`. Until then it is fired late.
         *     - When the queue is full (`max_length`) it is tried again for 60 seconds, then the slot is skipped (`queue_full`).
         *     - The defaults and schemas of the queue's settings count when a slot is fired. An input that does not fit is refused here (400), and skips the slot (`invalid_input`) when the schema came later.
         *     - Clocks that are changed for summer: what names its hours, such as `30 2 * * *`, goes by the clocks: a time that they skip is fired once, at the moment at which they do, and a time that they show twice is fired the first time. What fires every hour (`*`, `?` or `0-23` in that field) goes on as time does: it passes over minutes that the clocks skip, and fires in both of the hours that they show twice. `every_seconds` knows no clocks.
         *
         *     At most 1,000 schedules (409). The body has at most 64 KiB (413).
         */
        put: operations["putSchedule"];
        post?: never;
        /**
         * Delete a schedule
         * @description It fires nothing from this moment on, and what it has done is forgotten. Jobs that it has made stay.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a schedule
         * @description It fires nothing until it is resumed, also over restarts. Slots of that time are neither fired nor counted. Pausing a paused one changes nothing.
         */
        post: operations["pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a schedule
         * @description Lets a paused schedule go on with the first slot from now. Resuming one that is not paused changes nothing.
         */
        post: operations["resumeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a schedule's job now
         * @description Makes a job from the template at once, outside the slots, paused or not; nothing of the schedule changes. It is refused as a submit would be, and what runs already does not keep it from running (`overlap` is about slots).
         */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks
         * @description All webhooks, the oldest first, each with how its endpoint is doing. Secrets are not shown.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Register a webhook
         * @description From now on what happens to jobs is posted to `url`: of `queues`, or of all, the kinds in `events`. What is posted is under `webhooks` in this document. At most 100 webhooks.
         *
         *     Each event is a job of its own in the queue `bellhop.webhooks`: tried for about a day, ten times or more, and then in that queue's dead letters, from which it can be redriven. The answer has the `secret` with which they are signed; it is not shown again.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook
         * @description One webhook, and how its endpoint is doing.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description It gets nothing more. Deliveries that wait are not made.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description What is not named stays. Deliveries that wait go to the new `url`, too; what came of the old one no longer counts.
         *
         *     With `enabled: false` it gets nothing until `enabled: true`, not even what happens meanwhile, and deliveries that wait fail. `enabled: true` also enables one again that has been disabled, and forgives its endpoint all failures.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook another secret
         * @description The answer has the new secret; it is not shown again. For 24 hours deliveries are signed with the old one as well, so that the receiver can change over at any time. That holds also when it is rotated again within that time, as after an answer that did not arrive: each old secret signs to its end. At most five sign at the same time; another one is a conflict. A `secret` that is the newest already changes nothing.
         */
        post: operations["rotateWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a webhook
         * @description Posts an event of the type `webhook.test` to it, once, even when it is disabled or slowed. What comes of that is to be read from the delivery's job: `GET /jobs/{id}`, with `Prefer: wait` if you like.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the workers
         * @description The workers that have lately announced themselves, by id. One that ends says so and is gone at once; one that dies is gone when its last announcement expires.
         */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workers/{id}/quiet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a worker quiet
         * @description The worker takes no more jobs, finishes those that it has, and stays. There is no way back: start another worker, under another id. One that is to `stop` already stays so.
         *
         *     Our own workers do so at once; they go on making deliveries. A remote worker gets no more jobs from that moment, and learns of it from the answer of its poll or of its next heartbeat.
         */
        post: operations["quietWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workers/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a worker
         * @description The worker takes no more jobs, finishes those that it has, and ends.
         *
         *     Our own workers do as on SIGTERM: what is not done within `SHUTDOWN_GRACE_SECONDS` is handed back, and the process exits with 0, which says to whoever watches it that it is not to be started again. A remote worker gets no more jobs from that moment, and learns of it from the answer of its poll or of its next heartbeat; that it ends is its own doing.
         */
        post: operations["stopWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Does it work now?
         * @description Asks Redis for an answer. For load balancers and container health checks.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description Touches nothing but the process itself. For whoever restarts processes, since restarting this one does not bring back Redis.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is all of it in order?
         * @description Beside what `GET /health` asks, whether Redis knows the scripts, evicts nothing and keeps its data on disk. A `warn` alone is still a 200, with the status `degraded`.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics
         * @description All metrics in the text format of Prometheus.
         *
         *     The counters `jobs_…_total` and `bellhop_jobs_…_total` by `queue`, the gauges `bellhop_queue_…` by `queue` and `bellhop_workers` are what Redis counts: every API process says the same, so do not add them up. Without Redis they keep their last values. The first `METRICS_QUEUES` queues by name have a label of their own, those of the others, of the first 1,000, are together as `_other`. A scrape asks Redis once for each 100 queues. The HTTP and process metrics are this process's own.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    runJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A job is to be done
         * @description A job of the type `http` is posted to its URL, once for each attempt. What is answered is what becomes of it:
         *
         *     - 202: the receiver goes on with it, and says later what becomes of it, before the deadline, with `POST /jobs/{id}/complete` or `/fail` and the token in `bellhop-lease-token`; else the attempt has failed. The lease is kept until then, and by nobody else; `POST /jobs/{id}/heartbeat` and `/logs` can be used, too.
         *     - any other status from 200 to 299: it is completed, and the body, at most 1 MiB, is its result: as it is if it says that it is JSON, else as a string; none if it is empty. A larger one is a failure for good.
         *     - 408, 425, 429 and 500 to 599, no connection, or no answer before the deadline: the attempt has failed, and is followed by another after the job's backoff, if there is one left. `Retry-After` with 429 and 503 is obeyed instead, up to an hour.
         *     - any other status: it has failed for good. Redirects are not followed.
         *
         *     The deadline is the job's `timeout_seconds` after the start, or 60 s. The body is signed as [Standard Webhooks](https://www.standardwebhooks.com) has it, if the service has a `CALLBACK_SECRET`. A job can be posted more than once, in one attempt too when a worker died: `webhook-id` is always the same, take it for the idempotency key. A URL that fails five times in a row for the jobs of one queue is tried more and more slowly, at the least once an hour; what waits for that costs no attempt.
         */
        post: operations["runJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    jobEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Something happened to a job
         * @description Posted to each webhook that wants to know of it, soon after it happened.
         *
         *     The body is signed as [Standard Webhooks](https://www.standardwebhooks.com) has it, with the webhook's secret; during a rotation with both. Any status from 200 to 299, within 15 s, is taken for an answer; what else it says is not looked at. Else it is posted again, after 5 s and then more and more slowly for about a day, ten times or more; `Retry-After` with 429 and 503 is obeyed up to an hour, 410 ends it, and redirects are not followed. It can come twice, with the same `webhook-id`, and in another order than things happened. An endpoint that fails five times in a row is tried more and more slowly, at the least once an hour.
         */
        post: operations["tellJobEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    webhookTest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A webhook is tried
         * @description Posted when somebody asks for it with `POST /webhooks/{id}/test`, and only once.
         *
         *     The body is signed as [Standard Webhooks](https://www.standardwebhooks.com) has it. Any status from 200 to 299, within 15 s, is taken for an answer; what else it says is not looked at. Else it is posted again, after 5 s and then more and more slowly for about a day, ten times or more; `Retry-After` with 429 and 503 is obeyed up to an hour, 410 ends it, and redirects are not followed. It can come twice, with the same `webhook-id`, and in another order than things happened. An endpoint that fails five times in a row is tried more and more slowly, at the least once an hour.
         */
        post: operations["tellTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /**
         * Format: uuid
         * @description A UUID (version 7).
         */
        JobId: string;
        /** @description Lower-case letters, digits, `.`, `_` and `-`, at most 64 characters, the first a letter or a digit. */
        QueueName: string;
        /** @description The kind of job. Its handler is looked up by `type` and `task` together; `task` is the type of ordinary jobs, `http` that of jobs that are posted to a URL, `ai` that of jobs for a language model, and `webhook` that of deliveries, which the service alone makes (400). Lower-case letters, digits, `.`, `_` and `-`, at most 64 characters, the first a letter or a digit. */
        JobType: string;
        /**
         * @description The jobs of a higher priority always go first.
         * @enum {string}
         */
        Priority: "high" | "normal" | "low";
        /**
         * @description At most one job of a queue has a key at a time. It is kept apart from other queues, and what a job has it does not lose to a retry; a job that is run again after it has ended does not get it again.
         *
         *     With `replace` and a delay it is a debounce: only the last of many submits runs, a while after it. With a number of seconds as `until` it is a throttle: only the first in that time runs.
         */
        Unique: {
            /** @description What may be there only once, in this queue. 1 to 256 characters. */
            key: string;
            /**
             * @description How long the job has the key: `completed` until it has ended, whatever the outcome; `started` until a worker takes it; or so many seconds from its submit, 0.1 to 31,536,000 (a year), whatever becomes of it.
             * @default completed
             */
            until?: string | number;
            /**
             * @description What happens when another job has the key. `return`: nothing is kept, the answer is that job. `reject`: 409, with its id. `replace`: it is cancelled, with the reason `replaced`, and the new one takes its place; 409 when it no longer waits. At most 100 jobs of a bulk may say `replace`.
             * @default return
             * @enum {string}
             */
            on_conflict?: "return" | "reject" | "replace";
        };
        /**
         * @description What happens to a job when one that it depends on fails for good or is cancelled: `cancel`: it is cancelled at once, with the reason `parent_failed`; `run`: that counts as ended, and it runs when all have.
         * @enum {string}
         */
        OnParentFailure: "cancel" | "run";
        /**
         * @description - `scheduled`: waits for its time.
         *     - `queued`: waits for a worker.
         *     - `active`: a worker runs it.
         *     - `retrying`: an attempt failed, the next waits for its time.
         *     - `completed`: done, has its result.
         *     - `failed`: given up, in the dead letters of its queue; a redrive queues it again.
         *     - `cancelled`: it will not run, `cancellation` says why.
         *     - `blocked`: waits for the jobs in `depends_on`.
         * @enum {string}
         */
        JobStatus: "blocked" | "scheduled" | "queued" | "active" | "retrying" | "completed" | "failed" | "cancelled";
        /**
         * @description - `failed`: the handler threw.
         *     - `timed_out`: it took longer than `timeout_seconds`.
         *     - `lost_lease`: the worker was not heard of for too long, most likely it died.
         *     - `invalid_input`: the input does not fit the handler's schema.
         *     - `no_handler`: the worker has no handler for the job's `task` and `type`.
         *     - `not_a_job`: an entry that was pushed straight into Redis is not a job.
         * @enum {string}
         */
        FailureReason: "failed" | "timed_out" | "lost_lease" | "invalid_input" | "no_handler" | "not_a_job";
        /**
         * @description Whether the delay doubles with every failed attempt or stays the same.
         * @enum {string}
         */
        BackoffType: "exponential" | "fixed";
        /** @description Whose job it is, a tenant for example. The groups of a queue take turns, so none waits for all jobs of another, and each can have limits. 1 to 128 characters, and no control character. Jobs without one are together one more group, without such limits. */
        Group: string;
        /** @description Words to group jobs by, at most 20, each once. They do not change how the job runs. */
        Tags: string[];
        /** @description Strings by name that travel with the job, at most 32. They do not change how the job runs. */
        Metadata: {
            [key: string]: string;
        };
        /** @description How long to wait before the next attempt. The delay is `delay_seconds` if fixed, else `delay_seconds` × 2^(failed attempts − 1); at most `max_delay_seconds`; and then a random share of it, between none and `jitter`, is added, so that jobs which failed together do not return together. In a job all fields are there. */
        Backoff: {
            /** @default exponential */
            type?: components["schemas"]["BackoffType"];
            /**
             * @description The first delay, in seconds; 0 to 86,400 (a day).
             * @default 5
             */
            delay_seconds?: number;
            /**
             * @description No delay is longer, but for the jitter; in seconds, 0 to 604,800 (a week).
             * @default 3600
             */
            max_delay_seconds?: number;
            /**
             * @description How much of the delay may be added at random; 0 for nothing, 1 for up to twice the delay.
             * @default 0.2
             */
            jitter?: number;
        };
        /** @description A job to keep. Only `task` is required. */
        NewJob: {
            /** @description What is to be done: the name of the handler that does it, or free text for a handler that takes every task. 1 to 256 characters. */
            task: string;
            /** @default task */
            type?: components["schemas"]["JobType"];
            /**
             * @description Any JSON, for the handler. It comes back byte for byte. At most 1 MiB, and 64 levels with the body around it.
             * @default null
             */
            input?: unknown;
            /** @default default */
            queue?: components["schemas"]["QueueName"];
            /** @default normal */
            priority?: components["schemas"]["Priority"];
            group?: components["schemas"]["Group"];
            /**
             * @description How often to try, the first attempt included; 1 to 100.
             * @default 3
             */
            max_attempts?: number;
            backoff?: components["schemas"]["Backoff"];
            /** @description How long one attempt may take, in seconds; 1 to 604,800 (a week). Absent: as long as its worker lives. */
            timeout_seconds?: number;
            /** @description How long to wait before the first attempt, in seconds by the clock of Redis; 0 to 31,536,000 (a year). Absent: do not wait. Not together with `run_at`. */
            delay_seconds?: number;
            /**
             * Format: date-time
             * @description When to make the first attempt, not before. A time in the past means now. Not together with `delay_seconds`.
             */
            run_at?: string;
            /**
             * @description Whether what the handler logs is kept with the job, to be read with `GET /jobs/{id}/logs`: at most 1,000 lines and 1 MiB.
             * @default false
             */
            keep_logs?: boolean;
            /** @description How long the job may wait for its first attempt, in seconds from now by the clock of Redis; 0 to 31,536,000 (a year). A job that has not started by then is cancelled, with the reason `expired`. Not together with `expires_at`. */
            ttl_seconds?: number;
            /**
             * Format: date-time
             * @description Until when the job may wait for its first attempt, as with `ttl_seconds`. Not together with it.
             */
            expires_at?: string;
            unique?: components["schemas"]["Unique"];
            /** @description The ids of jobs that must have ended first, of any queue; 1 to 100, and 1,000 in all jobs of a bulk. Until then the job is `blocked`. Those that have completed already count; one that is not there, or no longer kept, is an error. As long as the job has not ended, what its parents returned is kept. */
            depends_on?: components["schemas"]["JobId"][];
            /** @default cancel */
            on_parent_failure?: components["schemas"]["OnParentFailure"];
            /** @description Where the job is posted to be done; only with the type `http`, and required there unless its queue has one. */
            http?: components["schemas"]["HttpTarget"];
            /** @description Where the outcome is posted when the job ends, whatever it is (see the callback): an `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address. When an ended job is run again, its next outcome is posted, too. A job that is answered instead of a new one (`unique`) keeps its own. */
            callback_url?: string;
            tags?: components["schemas"]["Tags"];
            metadata?: components["schemas"]["Metadata"];
        };
        /** @description What to change of a job that waits, at least one field; `null` takes the default again, but `input` may be `null`, and `delay_seconds` may not (`0` is now). */
        JobPatch: {
            /**
             * @description The jobs of a higher priority always go first.
             * @enum {string|null}
             */
            priority?: "high" | "normal" | "low" | null;
            /**
             * Format: date-time
             * @description When to make the next attempt, not before. A time in the past, or `null`, means now. Not together with `delay_seconds`.
             */
            run_at?: string | null;
            /** @description How long to wait before the next attempt, in seconds from now by the clock of Redis; 0 to 31,536,000 (a year). Never `null`: 0 means now. Not together with `run_at`. */
            delay_seconds?: number;
            /** @description Any JSON, for the handler, instead of the one that is there. It comes back byte for byte. At most 1 MiB, and 64 levels with the body around it. */
            input?: unknown;
            /** @description Words to group jobs by, at most 20, each once, instead of those that are there. */
            tags?: string[] | null;
            /** @description Strings by name; those that are not named stay. With those at most 32 in all. */
            metadata?: {
                [key: string]: string | null;
            } | null;
            /** @description How often to try, the first attempt and those that were made included; 1 to 100. The next attempt is made in any case. */
            max_attempts?: number | null;
            /** @description How long to wait after the next attempt, as in `Backoff`. What is not named stays; `null` takes the default again, of all or of one. */
            backoff?: components["schemas"]["BackoffPatch"];
            /** @description How long one attempt may take, in seconds; 1 to 604,800 (a week). */
            timeout_seconds?: number | null;
            /** @description Whether what the handler logs from then on is kept with the job. */
            keep_logs?: boolean | null;
        };
        /** @description Jobs to keep, all of them or none. */
        NewJobs: {
            /** @description The jobs, 1 to 1,000. */
            jobs: components["schemas"]["NewJob"][];
        };
        /** @description Jobs that have been kept. */
        CreatedJobs: {
            /** @description The jobs, in the order of the request. */
            jobs: components["schemas"]["CreatedJob"][];
        };
        /** @description A job that has been kept, or another that has its unique key. */
        CreatedJob: {
            id: components["schemas"]["JobId"];
            /** @description `cancelled` when a job that it depends on has failed, `blocked` when it waits for others, `scheduled` when `delay_seconds` or `run_at` puts it off, else `queued`. Absent of another job: read that. */
            status?: components["schemas"]["JobStatus"];
            /** @description It is another job, which has the unique key; nothing was kept. Absent otherwise. */
            existing?: boolean;
        };
        /** @description A job that has been kept. */
        Submitted: {
            /** @description `cancelled` when a job that it depends on has failed, `blocked` when it waits for others, `scheduled` when `delay_seconds` or `run_at` puts it off, else `queued`; with `Prefer: wait` what it is after that. */
            status: components["schemas"]["JobStatus"];
            /** @description The task, as submitted. */
            task: string;
            id: components["schemas"]["JobId"];
        };
        /** @description The form that the errors of `POST /submit` have. */
        SubmitError: {
            /** @description What is wrong, for people. It names the field. */
            error: string;
        };
        /** @description How one attempt failed. */
        AttemptError: {
            /** @description Which attempt, counted from 1. One that was refused before its handler ran is one too; one that ended with its lease is made again, under the same number. */
            attempt: number;
            /**
             * Format: date-time
             * @description When it failed.
             */
            at: string;
            reason: components["schemas"]["FailureReason"];
            /** @description The kind of error, if its worker named it: those that speak HTTP may. */
            type?: string;
            /** @description What went wrong, cut after 2,000 characters. */
            message: string;
            /** @description Where in the handler, cut after 4,000 characters. */
            stack?: string;
            /** @description The id of the worker that ran it. */
            worker?: string;
        };
        /** @description Something that a job waits for. */
        WaitingFor: {
            /**
             * @description `parents`: jobs that it depends on, `job_ids`. `due`: its time, `until`. `paused`: its queue is paused. `concurrency`: as many jobs of its queue run as may. `rate_limit`: as many have started as may; the next may `until`. `group_concurrency`, `group_rate_limit`: the same of its group. `no_worker`: no live worker takes jobs from its queue. `turn`: nothing but the jobs before it and the turns of other groups.
             * @enum {string}
             */
            reason: "parents" | "due" | "paused" | "concurrency" | "rate_limit" | "group_concurrency" | "group_rate_limit" | "no_worker" | "turn";
            /**
             * Format: date-time
             * @description When it is due, or when the next job of its queue or group may start. Only with `due`, `rate_limit` and `group_rate_limit`.
             */
            until?: string;
            /** @description Those that have not ended. Only with `parents`. */
            job_ids?: components["schemas"]["JobId"][];
        };
        /** @description Why a job was cancelled. */
        Cancellation: {
            /**
             * @description `requested`: somebody asked for it. `expired`: it had not started by `expires_at`. `replaced`: another job with its unique key took its place. `parent_failed`: a job that it depends on failed or was cancelled.
             * @enum {string}
             */
            reason: "requested" | "expired" | "replaced" | "parent_failed";
            /** @description The job that replaced it, or the one it depended on. Only with `replaced` and `parent_failed`. */
            job_id?: components["schemas"]["JobId"];
        };
        /** @description How far the running attempt is, as its handler last said. */
        Progress: {
            /** @description Done, of 100. */
            percent: number;
            /** @description What it is at. */
            message?: string;
            /**
             * Format: date-time
             * @description When it was said.
             */
            at: string;
        };
        /** @description A job and how it is doing. An entry that was pushed straight into Redis and is not a job shows with the task `(not a job)` and the entry as a string for its input. */
        Job: {
            id: components["schemas"]["JobId"];
            status: components["schemas"]["JobStatus"];
            /** @description What is to be done, as submitted. */
            task: string;
            type: components["schemas"]["JobType"];
            queue: components["schemas"]["QueueName"];
            priority: components["schemas"]["Priority"];
            group?: components["schemas"]["Group"];
            /** @description What was submitted, byte for byte; `null` if nothing was. */
            input: unknown;
            /** @description Attempts that count so far, the running one included; 0 before the first. */
            attempt: number;
            /** @description How often to try, the first attempt included. */
            max_attempts: number;
            backoff: components["schemas"]["Backoff"];
            /** @description How long one attempt may take, in seconds. Absent: as long as its worker lives. */
            timeout_seconds?: number;
            /** @description `true` when what its handler logs is kept, to be read with `GET /jobs/{id}/logs`; else absent. */
            keep_logs?: boolean;
            tags: components["schemas"]["Tags"];
            metadata: components["schemas"]["Metadata"];
            /** @description Leases that ran out because the worker died or was cut off. They do not count as attempts; after 3 the job has failed. */
            lost: number;
            /**
             * Format: date-time
             * @description When it was kept.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it is due. Only while `scheduled` or `retrying`, or `blocked` with a time of its own.
             */
            run_at?: string;
            /** @description Why it does not run yet, all that there is. Only from `GET /jobs/{id}`, and only while it waits. */
            waiting_for?: components["schemas"]["WaitingFor"][];
            /**
             * Format: date-time
             * @description When it is cancelled if it has not started by then. Absent: never.
             */
            expires_at?: string;
            /** @description The unique key that it was submitted with, whether it has it still or not. */
            unique?: components["schemas"]["Unique"];
            /** @description The jobs that had to end first. */
            depends_on?: components["schemas"]["JobId"][];
            /** @description Only with `depends_on`. */
            on_parent_failure?: components["schemas"]["OnParentFailure"];
            /** @description Only of a job that a schedule has made. */
            schedule?: components["schemas"]["JobSchedule"];
            /** @description Where it is posted to be done, if it says so itself. Only with the type `http`. */
            http?: components["schemas"]["HttpTarget"];
            /** @description Where its outcome is posted when it ends. Of a delivery of a callback: where that goes. */
            callback_url?: string;
            /**
             * Format: date-time
             * @description When the current attempt, or else the last, began. Absent while none is known.
             */
            started_at?: string;
            /**
             * Format: date-time
             * @description When it ended, whatever the outcome.
             */
            completed_at?: string;
            progress?: components["schemas"]["Progress"];
            /** @description What the handler returned, any JSON. Only when `completed`, and absent if it returned nothing. */
            result?: unknown;
            /** @description The last of `errors`, unless the job has completed. */
            error?: components["schemas"]["AttemptError"];
            /** @description Why it was cancelled. Only when `cancelled`. */
            cancellation?: components["schemas"]["Cancellation"];
            /** @description The failures of the last attempts, at most 10, oldest first. */
            errors: components["schemas"]["AttemptError"][];
            /** @description The id of the worker that runs it, or that ran it last. */
            worker?: string;
        };
        /** @description A page of jobs. */
        JobPage: {
            /** @description The jobs. */
            items: components["schemas"]["Job"][];
            /** @description For the next page; `null` on the last. */
            next_cursor: string | null;
        };
        /**
         * @description How severe a line is, the least severe first.
         * @enum {string}
         */
        LogLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
        /** @description Any JSON. */
        LogField: unknown;
        /** @description A line that a handler logged. */
        LogLine: {
            /** @description Its number among all lines of the job, dropped ones included; it never changes. */
            line: number;
            /**
             * Format: date-time
             * @description When it was logged, by the clock of Redis.
             */
            at: string;
            level: components["schemas"]["LogLevel"];
            /** @description What it says; empty when it has only fields. */
            message: string;
            /** @description The attempt that logged it. A job that is retried by hand begins again with 1. */
            attempt: number;
            /** @description What was logged beside the message, as in the log of the worker; an error is `err`. */
            fields: {
                [key: string]: components["schemas"]["LogField"];
            };
            /** @description `true` when the line was longer than 8 KiB: its message may be shortened, and fields are missing. Else absent. */
            cut?: boolean;
        };
        /** @description A page of the lines that are kept of a job. */
        JobLog: {
            /** @description The lines. */
            items: components["schemas"]["LogLine"][];
            /** @description For the next page; `null` on the last. */
            next_cursor: string | null;
            /** @description How many lines of the job, of whatever level and attempt, are not kept: the oldest of too many, and those for which Redis had no room. */
            dropped: number;
        };
        /**
         * @description What happened to a job:
         *     - `submitted`: it was kept, and waits for a worker.
         *     - `scheduled`: it was kept or put off, or the jobs that it depends on have ended, and it waits for its time.
         *     - `blocked`: it was kept, and waits for other jobs.
         *     - `queued`: it waits for a worker, and did not before: its time has come, the jobs that it depends on have ended, its worker handed it back or was lost, or it was redriven.
         *     - `edited`: something of it has been changed. When that puts it off, or it need not wait any more, `scheduled` or `queued` follows.
         *     - `started`: a worker took it.
         *     - `progress`: its handler said how far it is.
         *     - `retrying`: the attempt failed, the next waits for its time.
         *     - `completed`: it is done.
         *     - `failed`: it was given up, and is in the dead letters.
         *     - `cancelled`: it will not run.
         * @enum {string}
         */
        EventKind: "submitted" | "scheduled" | "blocked" | "queued" | "edited" | "started" | "progress" | "retrying" | "completed" | "failed" | "cancelled";
        /** @description Something that happened to a job. */
        JobEvent: {
            kind: components["schemas"]["EventKind"];
            job_id: components["schemas"]["JobId"];
            queue: components["schemas"]["QueueName"];
            /** @description The id of the worker that did it, or from which the job was taken. Absent for what no worker does. */
            worker?: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            /** @description What the handler said. Only of the kind `progress`. */
            progress?: components["schemas"]["Progress"];
        };
        /** @description The data of the event `gap`. Something is missing here; who needs to know it must read the jobs. */
        StreamGap: {
            /** @description Why, for people. */
            detail: string;
        };
        /** @description The data of the event `end`, the last of a stream. */
        StreamEnd: {
            /**
             * @description Why it ends. After `job_ended` nothing more would come; otherwise come again with `Last-Event-ID`.
             * @enum {string}
             */
            reason: "job_ended" | "slow_reader" | "shutting_down";
            /** @description The same for people. */
            detail: string;
        };
        /** @description A page of the jobs that were asked for. */
        FoundJobs: {
            /** @description The jobs; none when the call has looked at as many as it may and found none. */
            items: components["schemas"]["Job"][];
            /** @description To go on; `null` when all has been searched. */
            next_cursor: string | null;
            /** @description How many jobs were looked at. */
            searched: number;
        };
        /** @description One of these statuses. */
        FilterStatuses: components["schemas"]["JobStatus"][];
        /** @description Exactly this task. */
        FilterTask: string;
        /** @description This tag. */
        FilterTag: string;
        /** @description The worker that runs the job, or ran it last; its id. */
        FilterWorker: string;
        /**
         * Format: date-time
         * @description A moment. Of a window the beginning is in it and the end is not.
         */
        FilterTime: string;
        /** @description This text, in lower or upper case, in the input (as it was sent), the task, the id or the message of an error; 1 to 256 characters. */
        FilterText: string;
        /** @description Which jobs, those that have all that is given; at least one member. */
        JobFilter: {
            queue?: components["schemas"]["QueueName"];
            status?: components["schemas"]["FilterStatuses"];
            task?: components["schemas"]["FilterTask"];
            type?: components["schemas"]["JobType"];
            tag?: components["schemas"]["FilterTag"];
            worker?: components["schemas"]["FilterWorker"];
            priority?: components["schemas"]["Priority"];
            /** @description Created then or later. */
            created_after?: components["schemas"]["FilterTime"];
            /** @description Created earlier than that. */
            created_before?: components["schemas"]["FilterTime"];
            /** @description Ended then or later, whatever the outcome. */
            finished_after?: components["schemas"]["FilterTime"];
            /** @description Ended earlier than that, whatever the outcome. */
            finished_before?: components["schemas"]["FilterTime"];
            q?: components["schemas"]["FilterText"];
        };
        /** @description What to do to which jobs. */
        JobsAction: {
            /**
             * @description What to do.
             * @enum {string}
             */
            action: "cancel" | "retry" | "promote" | "delete";
            filter: components["schemas"]["JobFilter"];
            /**
             * @description Only count.
             * @default false
             */
            dry_run?: boolean;
            /**
             * @description How many matches one call takes, 1 to 1,000.
             * @default 1000
             */
            limit?: number;
            /** @description The `next_cursor` of the call before, with the same filter. */
            cursor?: string;
        };
        /** @description What became of many jobs. */
        JobsActed: {
            /** @description Jobs that the filter means. */
            matched: number;
            /** @description Those to which it was done; 0 with `dry_run`. */
            changed: number;
            /** @description Those that stayed as they are: they were so already, their status does not allow it, or they had gone meanwhile; 0 with `dry_run`. */
            unchanged: number;
            /** @description How many jobs were looked at. */
            searched: number;
            /** @description To go on; `null` when all has been searched. */
            next_cursor: string | null;
        };
        /** @description How many jobs are in each status now. */
        QueueCounts: {
            /** @description Waiting for other jobs. */
            blocked: number;
            /** @description Waiting for a worker. */
            queued: number;
            /** @description Waiting for their time. */
            scheduled: number;
            /** @description Waiting for their next attempt. */
            retrying: number;
            /** @description Running. */
            active: number;
            /** @description Done and still kept. */
            completed: number;
            /** @description In the dead letters. */
            failed: number;
            /** @description Cancelled and still kept. */
            cancelled: number;
        };
        /** @description How many of the queued jobs have which priority. */
        QueuedByPriority: {
            /** @description Queued with priority `high`. */
            high: number;
            /** @description Queued with priority `normal`. */
            normal: number;
            /** @description Queued with priority `low`. */
            low: number;
        };
        /** @description Counted since the queue's first job. */
        QueueTotals: {
            /** @description Jobs that came in. */
            submitted: number;
            /** @description Jobs that completed. */
            completed: number;
            /** @description Jobs that were dead-lettered. */
            failed: number;
            /** @description Jobs that were cancelled. */
            cancelled: number;
            /** @description Attempts that failed and were followed by another. */
            retried: number;
            /** @description Leases that ran out. */
            lost: number;
        };
        /** @description A queue in numbers. */
        Queue: {
            name: components["schemas"]["QueueName"];
            /** @description No job of it is started until it is resumed. */
            paused: boolean;
            counts: components["schemas"]["QueueCounts"];
            queued_by_priority: components["schemas"]["QueuedByPriority"];
            /** @description The age of the oldest job at the head of a priority, in seconds since it was created; `null` when none waits. */
            oldest_waiting_seconds: number | null;
            totals: components["schemas"]["QueueTotals"];
            /** @description Not in lists of queues. */
            settings?: components["schemas"]["QueueSettings"];
        };
        /** @description How busy a queue is, and how many workers it needs. */
        QueueScale: {
            queue: components["schemas"]["QueueName"];
            /** @description No job of it is started until it is resumed. */
            paused: boolean;
            /** @description Jobs that could run now: those with the status `queued`. */
            backlog: number;
            /** @description The age of the oldest job at the head of a priority, in seconds since it was created; 0 when none waits. */
            oldest_seconds: number;
            /** @description Jobs that workers hold, of at most 1,000 workers. */
            active: number;
            /** @description Jobs that were submitted a second, lately; `null` while it is not known. */
            arrival_rate: number | null;
            /** @description Attempts that ended a second, lately, whatever came of them; `null` while it is not known. */
            service_rate: number | null;
            /** @description Live workers that take jobs from it, of at most 1,000 workers. */
            workers: number;
            /** @description How many workers it needs. */
            suggested_workers: number;
        };
        /**
         * @description A JSON Schema (draft 2020-12) that contains all it refers to, an object or a boolean.
         *
         *     Its regular expressions are those of ECMAScript with the flag `u`, but for what only backtracking can find: look-around and back-references are refused, and so are repetitions of more than 1,000 and the long names of Unicode properties (`\p{Letter}` for `\p{L}`). All schemas of a queue may take 500 ms to compile, and the inputs of one request 500 ms to be checked: else the request is refused (400).
         */
        InputSchema: unknown;
        /** @description How long to wait before the next attempt, as in `Backoff`. What is `null`, or not said, is as it is there by default. */
        BackoffPatch: {
            /**
             * @description Whether the delay doubles with every failed attempt or stays the same.
             * @enum {string|null}
             */
            type?: "exponential" | "fixed" | null;
            /** @description The first delay, in seconds; 0 to 86,400 (a day). */
            delay_seconds?: number | null;
            /** @description No delay is longer, but for the jitter; in seconds, 0 to 604,800 (a week). */
            max_delay_seconds?: number | null;
            /** @description How much of the delay may be added at random, 0 to 1. */
            jitter?: number | null;
        } | null;
        /** @description What a job of the queue has when it does not say it itself. */
        JobDefaults: {
            /** @description How often to try, the first attempt included; 3 by default. */
            max_attempts: number;
            backoff: components["schemas"]["Backoff"];
            /** @description How long one attempt may take, in seconds; `null`, the default: as long as its worker lives. */
            timeout_seconds: number | null;
            /** @description Whether what the handlers log is kept with the jobs; `false` by default. */
            keep_logs: boolean;
        };
        /** @description What a job of the queue has when it does not say it itself. `null` takes the default again, of all or of one. */
        JobDefaultsPatch: {
            /** @description How often to try, the first attempt included; 1 to 100, 3 by default. */
            max_attempts?: number | null;
            backoff?: components["schemas"]["BackoffPatch"];
            /** @description How long one attempt may take, in seconds; 1 to 604,800 (a week). By default as long as its worker lives. */
            timeout_seconds?: number | null;
            /** @description Whether what the handlers log is kept with the jobs; not by default. */
            keep_logs?: boolean | null;
        } | null;
        /** @description How many jobs may start in what time. `null`, any number. */
        RateLimit: {
            /** @description How many may start in `period_seconds`. */
            limit: number;
            /** @description The period, in seconds; 1 by default. */
            period_seconds: number;
            /** @description How many may start at once after a quiet time. `null`, the default: they are spread over the period. */
            burst: number | null;
        } | null;
        /** @description The limits of a group that has some of its own. */
        GroupLimits: {
            /** @description Most of its jobs that run at the same time. `null`: as `group_concurrency` says. */
            concurrency: number | null;
            /** @description How many of its jobs may start in what time. `null`: as `group_rate_limit` says. */
            rate_limit: components["schemas"]["RateLimit"];
        };
        /** @description What limits of a group to change. */
        GroupLimitsPatch: {
            /** @description Most of its jobs that run at the same time; 1 to 1,000,000, `null` for what `group_concurrency` says. */
            concurrency?: number | null;
            /** @description How many of its jobs may start in what time; `null` for what `group_rate_limit` says. */
            rate_limit?: components["schemas"]["RateLimitPatch"];
        } | null;
        /**
         * @description How many jobs may start in what time; a job starts when a worker takes it. `null` for any number.
         *
         *     Without `burst` they are spread over the period, and in no `period_seconds`, wherever it begins, more than `limit` start; where that is more than 25, up to 4 % of it may remain unused. With `burst` so many may start at once after a quiet time, and then one each `period_seconds` ÷ `limit`: in any period at most `limit` + `burst` − 1.
         */
        RateLimitPatch: {
            /** @description How many may start in `period_seconds`; 1 to 1,000,000. There must be one. */
            limit?: number;
            /** @description The period, in seconds; 1 to 2,592,000 (30 days), 1 by default. */
            period_seconds?: number | null;
            /** @description How many may start at once after a quiet time; 1 to 1,000,000. By default they are spread over the period. */
            burst?: number | null;
        } | null;
        /** @description The settings of a queue, as they count now. What has not been set is as the settings of the process have it. */
        QueueSettings: {
            /** @description How long completed and cancelled jobs are kept, in seconds; by default `COMPLETED_RETENTION_SECONDS`, a day. */
            completed_retention_seconds: number;
            /** @description Most completed jobs kept, and most cancelled ones; by default `COMPLETED_MAX`, 100,000. */
            completed_max: number;
            /** @description How long dead letters are kept, in seconds; by default `DLQ_RETENTION_SECONDS`, 14 days. */
            dlq_retention_seconds: number;
            /** @description Most dead letters kept; by default `DLQ_MAX`, 100,000. */
            dlq_max: number;
            /** @description Most jobs that may wait: queued, scheduled, retrying and blocked ones together. A submit that would make it more is refused (429). `null`, the default: no bound. */
            max_length: number | null;
            /** @description Most of its jobs that run at the same time, all workers together. `null`, the default: as many as there are workers for. */
            concurrency: number | null;
            /** @description How many of its jobs may start in what time. `null`, the default: any number. */
            rate_limit: components["schemas"]["RateLimit"];
            /** @description Most jobs of one group that run at the same time. `null`, the default: any number. */
            group_concurrency: number | null;
            /** @description How many jobs of one group may start in what time. `null`, the default: any number. */
            group_rate_limit: components["schemas"]["RateLimit"];
            /** @description By group, what it has instead of `group_concurrency` and `group_rate_limit`. */
            group_overrides: {
                [key: string]: components["schemas"]["GroupLimits"];
            };
            /** @description How long a job waits until it counts as one priority higher. `null`, the default: it never does. */
            priority_aging_seconds: number | null;
            http: components["schemas"]["QueueHttpTarget"];
            defaults: components["schemas"]["JobDefaults"];
            /** @description By task, what `input` must be: a submit with another one is refused (400). Tasks that are not named may have any. */
            input_schemas: {
                [key: string]: components["schemas"]["InputSchema"];
            };
        };
        /** @description What to change of the settings of a queue; `null` takes the default again. */
        QueueSettingsPatch: {
            /** @description How long completed and cancelled jobs are kept, in seconds; 1 to 31,536,000 (a year). */
            completed_retention_seconds?: number | null;
            /** @description Most completed jobs kept, and most cancelled ones; 1 to 10,000,000. */
            completed_max?: number | null;
            /** @description How long dead letters are kept, in seconds; 1 to 31,536,000 (a year). */
            dlq_retention_seconds?: number | null;
            /** @description Most dead letters kept; 1 to 10,000,000. */
            dlq_max?: number | null;
            /** @description Most jobs that may wait: queued, scheduled, retrying and blocked ones together; 1 to 100,000,000, `null` for no bound. Those that are there already stay. */
            max_length?: number | null;
            /** @description Most of its jobs that run at the same time, all workers together; 1 to 1,000,000, `null` for as many as there are workers for. A job that a worker has taken counts until its end is told or its lease has ended. When it is set while more run, none starts until fewer do. */
            concurrency?: number | null;
            rate_limit?: components["schemas"]["RateLimitPatch"];
            /** @description Most jobs of one group that run at the same time; 1 to 1,000,000, `null` for any number. */
            group_concurrency?: number | null;
            /** @description How many jobs of one group may start in what time, as `rate_limit`. */
            group_rate_limit?: components["schemas"]["RateLimitPatch"];
            /** @description By group, what it has instead of `group_concurrency` and `group_rate_limit`; `null` takes those of a group away. With those that are there, at most 1,000 groups. */
            group_overrides?: {
                [key: string]: components["schemas"]["GroupLimitsPatch"];
            } | null;
            /** @description Each time that a job has waited for so long since it was created it counts as one priority higher: it is taken before younger ones of that priority; 1 to 604,800 (a week), `null` for never. */
            priority_aging_seconds?: number | null;
            http?: components["schemas"]["QueueHttpTarget"];
            defaults?: components["schemas"]["JobDefaultsPatch"];
            /** @description By task, a JSON Schema (draft 2020-12) that its `input` must fit; `null` takes the one of a task away. With those that are there, at most 100 tasks and 64 KiB (65,536 bytes). A schema that is none is refused, and so are keywords and formats that are not known. Its patterns are run at each submit: take none from people you do not trust. */
            input_schemas?: {
                [key: string]: components["schemas"]["InputSchema"];
            } | null;
        };
        /** @description Where a job of the type `http` is posted to be done (see the webhook `runJob`). */
        HttpTarget: {
            /** @description An `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address. */
            url: string;
        };
        /** @description Where those of its jobs are posted to be done that are of the type `http` and do not say where themselves; it counts for those that wait, too. `null`, the default: nowhere. */
        QueueHttpTarget: {
            /** @description An `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address. */
            url: string;
        } | null;
        /** @description What to delete of a queue. */
        PurgeRequest: {
            /**
             * @description Jobs in these statuses; each once.
             * @default [
             *       "blocked",
             *       "queued",
             *       "scheduled",
             *       "retrying"
             *     ]
             */
            statuses?: components["schemas"]["PurgeableStatus"][];
        };
        /**
         * @description Any status but `active`.
         * @enum {string}
         */
        PurgeableStatus: "blocked" | "queued" | "scheduled" | "retrying" | "completed" | "failed" | "cancelled";
        /** @description How many jobs were deleted that were in each status. */
        PurgedCounts: {
            /** @description Were waiting for other jobs. */
            blocked: number;
            /** @description Were waiting for a worker. */
            queued: number;
            /** @description Were waiting for their time. */
            scheduled: number;
            /** @description Were waiting for their next attempt. */
            retrying: number;
            /** @description Were done. */
            completed: number;
            /** @description Were in the dead letters. */
            failed: number;
            /** @description Were cancelled. */
            cancelled: number;
        };
        /** @description What a purge did. */
        Purged: {
            purged: components["schemas"]["PurgedCounts"];
            /** @description There may be more: call again. */
            more: boolean;
        };
        /** @description A page of queues. */
        QueuePage: {
            /** @description The queues. */
            items: components["schemas"]["Queue"][];
            /** @description For the next page; `null` on the last. */
            next_cursor: string | null;
        };
        /** @description Which dead letters to queue again. */
        RedriveRequest: {
            /** @description These jobs, 1 to 1,000, each once. `limit` then does not matter. */
            ids?: components["schemas"]["JobId"][];
            /**
             * @description Without `ids`: how many of the oldest, 1 to 1,000.
             * @default 1000
             */
            limit?: number;
        };
        /** @description What a redrive did. */
        Redriven: {
            /** @description Jobs that were queued again. */
            redriven: number;
            /** @description Jobs that are still in the dead letters. */
            remaining: number;
            /** @description Those of `ids` that are not in the dead letters of this queue. */
            not_found: components["schemas"]["JobId"][];
        };
        /** @description Lower-case letters, digits, `.`, `_` and `-`, at most 64 characters, the first a letter or a digit. */
        ScheduleName: string;
        /** @description The jobs that a schedule makes. As for `POST /jobs`, but for what is about one moment (`run_at`, `delay_seconds`, `expires_at`) or about other jobs (`depends_on`). A field that is left out is as it is then for a job that does not say it, as the queue's settings have it, or else by its default. */
        JobTemplate: {
            /** @description What is to be done: the name of the handler that does it, or free text for a handler that takes every task. 1 to 256 characters. */
            task: string;
            type?: components["schemas"]["JobType"];
            /** @description Any JSON, for the handler. It comes back byte for byte. At most 64 KiB with the body around it. */
            input?: unknown;
            queue?: components["schemas"]["QueueName"];
            priority?: components["schemas"]["Priority"];
            group?: components["schemas"]["Group"];
            /** @description How often to try, the first attempt included; 1 to 100. */
            max_attempts?: number;
            /** @description How long to wait before the next attempt, as in `Backoff`. */
            backoff?: {
                type?: components["schemas"]["BackoffType"];
                /** @description The first delay, in seconds; 0 to 86,400 (a day). */
                delay_seconds?: number;
                /** @description No delay is longer, but for the jitter; in seconds, 0 to 604,800 (a week). */
                max_delay_seconds?: number;
                /** @description How much of the delay may be added at random. */
                jitter?: number;
            };
            /** @description How long one attempt may take, in seconds; 1 to 604,800 (a week). Absent: as long as its worker lives. */
            timeout_seconds?: number;
            /** @description Whether what the handler logs is kept with the job, to be read with `GET /jobs/{id}/logs`: at most 1,000 lines and 1 MiB. */
            keep_logs?: boolean;
            /** @description How long the job may wait for its first attempt, in seconds from when it is made; 0 to 31,536,000 (a year). A job that has not started by then is cancelled, with the reason `expired`. */
            ttl_seconds?: number;
            unique?: components["schemas"]["Unique"];
            /** @description Where each job is posted to be done; only with the type `http`, and required there unless its queue has one. */
            http?: components["schemas"]["HttpTarget"];
            /** @description Where the outcome of each job is posted when it ends: as for `POST /jobs`. */
            callback_url?: string;
            tags?: components["schemas"]["Tags"];
            metadata?: components["schemas"]["Metadata"];
        };
        /** @description A schedule. Either `cron` or `every_seconds` must be given. */
        NewSchedule: {
            /** @description When it fires, in the wall time of `timezone`: minute, hour, day of the month, month, day of the week; with six fields a second in front. Numbers, names (`JAN`, `MON`), `*`, lists, ranges and steps, and `L` (the last), `15W` (the weekday next to the 15th), `MON#2` (the second Monday). When both days are given either counts, and with `+` before the day of the week both must fit. What never comes is refused. */
            cron?: string;
            /**
             * @description The time zone that `cron` is in, a name of the IANA database. Only with `cron`.
             * @default UTC
             */
            timezone?: string;
            /** @description A slot every so many seconds, counted from `start_at`, or else from 1970-01-01T00:00:00Z; 1 to 31,536,000 (a year). */
            every_seconds?: number;
            /**
             * Format: date-time
             * @description There is no slot before. With `every_seconds` the first is at this time.
             */
            start_at?: string;
            /**
             * Format: date-time
             * @description There is no slot at this time or after it. It must be after `start_at`.
             */
            end_at?: string;
            job: components["schemas"]["JobTemplate"];
            /** @default one */
            missed?: components["schemas"]["Missed"];
            /** @default allow */
            overlap?: components["schemas"]["Overlap"];
            /** @description Whether it is to fire nothing until it is resumed. Absent: as it was, and a new one is not paused. */
            paused?: boolean;
        };
        /**
         * @description What becomes of slots that could not be fired within 60 seconds. `one`: one job makes up for all of them together, its slot is the first of them. `skip`: nothing.
         * @enum {string}
         */
        Missed: "skip" | "one";
        /**
         * @description Whether a slot makes a job although the job of the slot before has not ended. `skip`: it does not, and the slot is skipped (`overlap`).
         * @enum {string}
         */
        Overlap: "allow" | "skip";
        /** @description A schedule and what it has done. */
        Schedule: {
            name: components["schemas"]["ScheduleName"];
            /** @description When it fires, as it was given. */
            cron?: string;
            /** @description The time zone of `cron`. */
            timezone?: string;
            /** @description How many seconds are between its slots. */
            every_seconds?: number;
            /**
             * Format: date-time
             * @description There is no slot before. Absent: always.
             */
            start_at?: string;
            /**
             * Format: date-time
             * @description There is no slot at this time or after it. Absent: never.
             */
            end_at?: string;
            job: components["schemas"]["JobTemplate"];
            missed: components["schemas"]["Missed"];
            overlap: components["schemas"]["Overlap"];
            /** @description Whether it fires nothing until it is resumed. */
            paused: boolean;
            /**
             * Format: date-time
             * @description Its next slot. Absent when it is paused or has none any more.
             */
            next_slot?: string;
            /** @description Its next slots, at most five; of a paused one those that it would have if it were resumed now. Not in lists. */
            next_times?: string[];
            /**
             * Format: date-time
             * @description The last slot that made a job. Absent before the first.
             */
            last_slot?: string;
            /** @description That job. It may no longer be kept. */
            last_job_id?: components["schemas"]["JobId"];
            /** @description How many slots have made a job. */
            fired: number;
            /** @description How many slots have not; of slots that were missed together at most 100 are counted. */
            skipped: number;
            last_skip?: components["schemas"]["SkippedSlot"];
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was last replaced.
             */
            updated_at: string;
        };
        /** @description The slot that was skipped last, of several at once the first. */
        SkippedSlot: {
            /**
             * Format: date-time
             * @description Its time.
             */
            slot: string;
            /**
             * @description `missed`: it could not be fired within 60 seconds. `overlap`: the job of the slot before had not ended. `queue_full`: for 60 seconds. `unique_key`: another job has the unique key of the template. `invalid_input`: the input does not fit the schema that its queue has now.
             * @enum {string}
             */
            reason: "missed" | "overlap" | "queue_full" | "unique_key" | "invalid_input";
        };
        /** @description A page of schedules. */
        SchedulePage: {
            /** @description The schedules. */
            items: components["schemas"]["Schedule"][];
            /** @description Pass it as `cursor` for the next page; `null` on the last. */
            next_cursor: string | null;
        };
        /** @description The schedule that made a job. */
        JobSchedule: {
            name: components["schemas"]["ScheduleName"];
            /**
             * Format: date-time
             * @description The slot that it is of. Absent when it was run outside the slots.
             */
            slot?: string;
        };
        /**
         * Format: uuid
         * @description A UUID (version 7).
         */
        WebhookId: string;
        /**
         * @description A kind of `EventKind` that can be posted; `progress` comes too often, follow `GET /events` for it.
         * @enum {string}
         */
        WebhookEventKind: "submitted" | "scheduled" | "blocked" | "queued" | "edited" | "started" | "retrying" | "completed" | "failed" | "cancelled";
        /** @description A secret as Standard Webhooks has it, `whsec_` and 24 to 64 bytes in base64. */
        WebhookSecret: string;
        /** @description A webhook to register. */
        NewWebhook: {
            /** @description Where events are posted. An `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address. */
            url: string;
            /**
             * @description Only events of these queues, at most 100; none: of all.
             * @default []
             */
            queues?: components["schemas"]["QueueName"][];
            /**
             * @description Only events of these kinds.
             * @default [
             *       "completed",
             *       "failed",
             *       "cancelled"
             *     ]
             */
            events?: components["schemas"]["WebhookEventKind"][];
            /** @description What deliveries are signed with. Absent: one is made. */
            secret?: components["schemas"]["WebhookSecret"];
            /** @description Whatever helps people, at most 256 characters. */
            description?: string;
        };
        /** @description What to change of a webhook, at least one field. */
        WebhookPatch: {
            /** @description Where events are posted. An `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address. */
            url?: string;
            /** @description Only events of these queues, at most 100; none: of all. */
            queues?: components["schemas"]["QueueName"][];
            /** @description Only events of these kinds. */
            events?: components["schemas"]["WebhookEventKind"][];
            /** @description Whatever helps people, at most 256 characters; `null` takes it away. */
            description?: string | null;
            /** @description Whether it gets anything. */
            enabled?: boolean;
        };
        /** @description A secret of your own, if it is not to be made. */
        WebhookRotation: {
            /** @description The new secret. Absent: one is made. */
            secret?: components["schemas"]["WebhookSecret"];
        };
        /** @description Why a webhook gets nothing. */
        WebhookDisabled: {
            /**
             * Format: date-time
             * @description Since when.
             */
            at: string;
            /**
             * @description `requested`: somebody has disabled it; `gone`: its endpoint answered 410; `failing`: for days (`WEBHOOK_DISABLE_SECONDS`, three by default) there was not one delivery that succeeded, and ten or more that failed.
             * @enum {string}
             */
            reason: "requested" | "gone" | "failing";
        };
        /** @description How the endpoint of a webhook is doing. */
        WebhookEndpoint: {
            /** @description Deliveries that failed since one succeeded. */
            failures: number;
            /**
             * Format: date-time
             * @description When the first of these did.
             */
            failing_since?: string;
            /** @description The status of the last answer. Absent when there was none. */
            last_status?: number;
            /** @description Why the last one failed, if it did; at most 500 characters. */
            last_error?: string;
            /**
             * Format: date-time
             * @description When the last one was made.
             */
            last_at?: string;
            /**
             * Format: date-time
             * @description No delivery is tried before, as it fails or has asked for that.
             */
            slowed_until?: string;
        };
        /** @description A webhook. */
        Webhook: {
            id: components["schemas"]["WebhookId"];
            /** @description Where events are posted. */
            url: string;
            /** @description Only events of these queues; none: of all. */
            queues: components["schemas"]["QueueName"][];
            /** @description Only events of these kinds. */
            events: components["schemas"]["WebhookEventKind"][];
            /** @description Whatever helps people. */
            description?: string;
            /** @description Whether it gets anything. */
            enabled: boolean;
            /** @description Why it does not. Only when it is not enabled. */
            disabled?: components["schemas"]["WebhookDisabled"];
            /** @description What deliveries are signed with. Only in the answer to its registration or a rotation. */
            secret?: components["schemas"]["WebhookSecret"];
            /**
             * Format: date-time
             * @description Until when deliveries are signed with the secret before, too. Absent when there is none. Secrets before that one end sooner.
             */
            old_secret_until?: string;
            /**
             * Format: date-time
             * @description When it was registered.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            endpoint: components["schemas"]["WebhookEndpoint"];
        };
        /** @description A page of webhooks. */
        WebhookPage: {
            /** @description The webhooks, the oldest first. */
            items: components["schemas"]["Webhook"][];
            /** @description For the next page; `null` on the last. */
            next_cursor: string | null;
        };
        /** @description A delivery that was asked for. */
        WebhookTest: {
            /** @description Its job. */
            job_id: components["schemas"]["JobId"];
        };
        /** @description What is posted when a job of the type `http` is to be done. */
        JobToRun: {
            /**
             * @description The same for all.
             * @enum {string}
             */
            type: "job.run";
            /**
             * Format: date-time
             * @description When it was posted.
             */
            timestamp: string;
            data: components["schemas"]["JobToRunData"];
        };
        /** @description The job; fields as in `Job`. */
        JobToRunData: {
            id: components["schemas"]["JobId"];
            /** @description What is to be done, as submitted. */
            task: string;
            queue: components["schemas"]["QueueName"];
            priority: components["schemas"]["Priority"];
            /** @description Which attempt this is, 1 for the first. */
            attempt: number;
            /** @description How often to try, the first attempt included. */
            max_attempts: number;
            /**
             * Format: date-time
             * @description When an answer is no longer waited for.
             */
            deadline: string;
            tags: components["schemas"]["Tags"];
            metadata: components["schemas"]["Metadata"];
            /** @description How often a worker died with this job before. */
            lost: number;
            /**
             * Format: date-time
             * @description When it was kept.
             */
            created_at: string;
            /** @description Only of a job that a schedule has made. */
            schedule?: components["schemas"]["JobSchedule"];
            /** @description What was submitted, byte for byte; `null` if nothing was. */
            input: unknown;
        };
        /** @description What is posted when something has happened to a job. */
        JobMessage: {
            /** @description `job.` and the kind of event, such as `job.completed`. */
            type: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            data: components["schemas"]["JobMessageData"];
        };
        /** @description The job as it was when this was written, which a webhook's deliveries are soon after the event, and callbacks in the same step; fields as in `Job`, but not `input`. Of a job that was gone by then only `id`, `queue` and perhaps `status`. */
        JobMessageData: {
            id: components["schemas"]["JobId"];
            status?: components["schemas"]["JobStatus"];
            /** @description What is to be done, as submitted. */
            task?: string;
            type?: components["schemas"]["JobType"];
            queue: components["schemas"]["QueueName"];
            priority?: components["schemas"]["Priority"];
            group?: components["schemas"]["Group"];
            /** @description Attempts that count so far, the running one included; 0 before the first. */
            attempt?: number;
            /** @description How often to try, the first attempt included. */
            max_attempts?: number;
            backoff?: components["schemas"]["Backoff"];
            /** @description How long one attempt may take, in seconds. Absent: as long as its worker lives. */
            timeout_seconds?: number;
            /** @description `true` when what its handler logs is kept, to be read with `GET /jobs/{id}/logs`; else absent. */
            keep_logs?: boolean;
            tags?: components["schemas"]["Tags"];
            metadata?: components["schemas"]["Metadata"];
            /** @description Leases that ran out because the worker died or was cut off. They do not count as attempts; after 3 the job has failed. */
            lost?: number;
            /**
             * Format: date-time
             * @description When it was kept.
             */
            created_at?: string;
            /**
             * Format: date-time
             * @description When it is due. Only while `scheduled` or `retrying`, or `blocked` with a time of its own.
             */
            run_at?: string;
            /**
             * Format: date-time
             * @description When it is cancelled if it has not started by then. Absent: never.
             */
            expires_at?: string;
            /** @description The unique key that it was submitted with, whether it has it still or not. */
            unique?: components["schemas"]["Unique"];
            /** @description The jobs that had to end first. */
            depends_on?: components["schemas"]["JobId"][];
            /** @description Only with `depends_on`. */
            on_parent_failure?: components["schemas"]["OnParentFailure"];
            /** @description Only of a job that a schedule has made. */
            schedule?: components["schemas"]["JobSchedule"];
            /** @description Where it is posted to be done, if it says so itself. Only with the type `http`. */
            http?: components["schemas"]["HttpTarget"];
            /** @description Where its outcome is posted when it ends. Of a delivery of a callback: where that goes. */
            callback_url?: string;
            /**
             * Format: date-time
             * @description When the current attempt, or else the last, began. Absent while none is known.
             */
            started_at?: string;
            /**
             * Format: date-time
             * @description When it ended, whatever the outcome.
             */
            completed_at?: string;
            /** @description The last of `errors`, unless the job has completed. */
            error?: components["schemas"]["AttemptError"];
            /** @description Why it was cancelled. Only when `cancelled`. */
            cancellation?: components["schemas"]["Cancellation"];
            /** @description The failures of the last attempts, at most 10, oldest first. */
            errors?: components["schemas"]["AttemptError"][];
            /** @description The id of the worker that runs it, or that ran it last. */
            worker?: string;
            /** @description What the handler returned, any JSON, byte for byte. */
            result?: unknown;
            /** @description How large the result is, where that is more than 256 KiB and it is left out: read it with `GET /jobs/{id}`. */
            result_left_out_bytes?: number;
        };
        /** @description What is posted when a webhook is tried. */
        TestMessage: {
            /**
             * @description The same for all.
             * @enum {string}
             */
            type: "webhook.test";
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            timestamp: string;
            data: components["schemas"]["TestMessageData"];
        };
        /** @description Which webhook is tried. */
        TestMessageData: {
            webhook_id: components["schemas"]["WebhookId"];
        };
        /** @description Letters, digits, `.`, `_` and `-`, at most 64 characters, the first a letter or a digit. */
        WorkerName: string;
        /**
         * @description What the operators want of a worker.
         *     - `run`: that it works.
         *     - `quiet`: that it takes no more jobs and finishes those that it has.
         *     - `stop`: that it takes no more jobs, finishes those that it has, and ends.
         * @enum {string}
         */
        WorkerState: "run" | "quiet" | "stop";
        /** @description What a worker has been told. */
        WorkerOrder: {
            id: components["schemas"]["WorkerName"];
            state: components["schemas"]["WorkerState"];
        };
        /** @description A live worker. Of a remote one, `language`, `version`, `host`, `pid` and `concurrency` are what it says of itself, if it does. */
        Worker: {
            /** @description Its name, new with every start. */
            id: components["schemas"]["WorkerName"];
            /** @description `true` of a worker that speaks HTTP (`POST /leases`), `false` of our own. */
            remote: boolean;
            state: components["schemas"]["WorkerState"];
            /** @description What it is written in. */
            language?: string;
            /** @description Its version, or that of its client. */
            version?: string;
            /** @description The name of the host, or container, that it runs on. */
            host?: string;
            /** @description Its process id there. */
            pid?: number;
            /** @description The queues that it takes jobs from; of a remote one, those that it last asked for. */
            queues: components["schemas"]["QueueName"][];
            /** @description How many jobs it runs at once at most. */
            concurrency?: number;
            /** @description How many it holds now. */
            running: number;
            /** @description The ids of some of them, at most 100. */
            jobs: components["schemas"]["JobId"][];
            /**
             * Format: date-time
             * @description When it started; of a remote one, when it was first heard of.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it last announced itself.
             */
            last_seen_at: string;
        };
        /** @description A page of workers. */
        WorkerPage: {
            /** @description The workers. */
            items: components["schemas"]["Worker"][];
            /** @description For the next page; `null` on the last. */
            next_cursor: string | null;
        };
        /** @description Names one lease of one job. Opaque; it is good for that job and that attempt alone, and cannot be guessed. */
        LeaseToken: string;
        /** @description Who asks. Give each process an `id` of its own, new with every start, such as its host, its process id and something random. All but the id is for people, who see it with `GET /workers`. */
        RemoteWorker: {
            /** @description Its name. One that begins with `w_` is refused: these are our own workers. */
            id: components["schemas"]["WorkerName"];
            /** @description What it is written in. 1 to 64 characters. */
            language?: string;
            /** @description Its version, or that of its client. 1 to 64 characters. */
            version?: string;
            /** @description The name of its host. 1 to 255 characters. */
            host?: string;
            /** @description Its process id there. */
            pid?: number;
            /** @description How many jobs it runs at once at most; 1 to 100,000. */
            concurrency?: number;
        };
        /** @description From which queues, 1 to 16, in this order. A job of a later one is only taken when the earlier ones have none. */
        LeaseQueues: components["schemas"]["QueueName"][];
        /** @description Who wants jobs, and which. */
        LeaseRequest: {
            worker: components["schemas"]["RemoteWorker"];
            queues: components["schemas"]["LeaseQueues"];
            /**
             * @description How many jobs at most, 1 to 1,000: as many as there are hands free for.
             * @default 1
             */
            max?: number;
            /**
             * @description How long to wait for the first job, in seconds; 0 to 60. Your HTTP client must be willing to wait longer.
             * @default 0
             */
            wait_seconds?: number;
            /**
             * @description How long the leases are good for, and each heartbeat makes them so again, in seconds; 1 to 3,600 (an hour).
             * @default 30
             */
            lease_seconds?: number;
        };
        /** @description Which jobs are wanted next. */
        NextLease: {
            queues: components["schemas"]["LeaseQueues"];
            /**
             * @description How many jobs at most, 1 to 1,000.
             * @default 1
             */
            max?: number;
            /**
             * @description How long to wait for the first job, in seconds; 0 to 60.
             * @default 0
             */
            wait_seconds?: number;
            /**
             * @description How long the leases are good for, in seconds; 1 to 3,600 (an hour).
             * @default 30
             */
            lease_seconds?: number;
        };
        /** @description A job to be done now. */
        LeasedJob: {
            /** @description The same in every attempt: use it as an idempotency key. */
            id: components["schemas"]["JobId"];
            /** @description What is to be done, as submitted. */
            task: string;
            type: components["schemas"]["JobType"];
            queue: components["schemas"]["QueueName"];
            priority: components["schemas"]["Priority"];
            group?: components["schemas"]["Group"];
            /** @description What was submitted, byte for byte; `null` if nothing was. */
            input: unknown;
            /** @description Which attempt this is, 1 for the first. */
            attempt: number;
            /** @description How often it is tried, the first attempt included. */
            max_attempts: number;
            /** @description Leases of it that ran out before. */
            lost: number;
            /** @description How long the attempt may take, in seconds. It is for the worker to keep to that: fail the job with the reason `timed_out` then. Absent: no limit. */
            timeout_seconds?: number;
            /** @description `true` when what is logged is kept (`POST /jobs/{id}/logs`); else absent. */
            keep_logs?: boolean;
            tags: components["schemas"]["Tags"];
            metadata: components["schemas"]["Metadata"];
            /** @description The jobs that had to end first; `GET /jobs/{id}` has their results. */
            depends_on?: components["schemas"]["JobId"][];
            /** @description Only of a job that a schedule has made. */
            schedule?: components["schemas"]["JobSchedule"];
            /** @description Only of a job of the type `http`: where it is to be posted (see the webhook `runJob`), as it says itself or else its queue. Absent when neither does. Our own workers post such jobs by themselves; a remote worker that is given one has to do it. */
            http?: components["schemas"]["HttpTarget"];
            /** @description The trace that it continues, as in the header of W3C Trace Context that it was submitted with: begin the span of this attempt with it, and send it along. Absent when there is none. */
            traceparent?: string;
            /** @description The same for the header `tracestate`. */
            tracestate?: string;
            /**
             * Format: date-time
             * @description When it was kept.
             */
            created_at: string;
            lease_token: components["schemas"]["LeaseToken"];
            /**
             * Format: date-time
             * @description When the lease ends if it is not renewed, by the clock of Redis.
             */
            lease_expires_at: string;
        };
        /** @description The jobs that were leased. */
        LeasedJobs: {
            /** @description The jobs, at most `max`; none when there was none in time. */
            jobs: components["schemas"]["LeasedJob"][];
            worker_state: components["schemas"]["WorkerState"];
        };
        /** @description How far a job is. */
        JobProgress: {
            /** @description 0 to 100. */
            percent: number;
            /** @description For people, at most 1,000 characters. */
            message?: string;
        };
        /** @description A job that the worker works on. */
        HeartbeatLease: {
            job_id: components["schemas"]["JobId"];
            lease_token: components["schemas"]["LeaseToken"];
            progress?: components["schemas"]["JobProgress"];
        };
        /** @description Who lives, and works on what. */
        HeartbeatRequest: {
            worker: components["schemas"]["RemoteWorker"];
            /** @description The leases to renew, at most 1,000 a call. */
            leases: components["schemas"]["HeartbeatLease"][];
        };
        /** @description How a lease is. */
        LeaseState: {
            job_id: components["schemas"]["JobId"];
            /**
             * @description `held`: renewed. `lost`: it is no longer the worker's. `cancel`: the job has been cancelled. Stop working on it, unless it is held.
             * @enum {string}
             */
            state: "held" | "lost" | "cancel";
            /**
             * Format: date-time
             * @description When it ends if it is not renewed. Only when `held`.
             */
            lease_expires_at?: string;
        };
        /** @description How the leases are. */
        HeartbeatAnswer: {
            /** @description In the order of the request. */
            leases: components["schemas"]["LeaseState"][];
            worker_state: components["schemas"]["WorkerState"];
        };
        /** @description Why an attempt failed. */
        WorkerError: {
            /** @description The kind of error, such as the name of its class. 1 to 128 characters. */
            type?: string;
            /** @description What happened, for people. At most 65,536 characters, of which the first 2,000 are kept. */
            message: string;
            /** @description Where. At most 65,536 characters, of which the first 4,000 are kept. */
            stack?: string;
            /**
             * @description `failed`: it went wrong. `timed_out`: it took longer than `timeout_seconds`. `invalid_input`: the input is not what the task needs. `no_handler`: the worker does not know the task.
             * @default failed
             * @enum {string}
             */
            reason?: "failed" | "timed_out" | "invalid_input" | "no_handler";
        };
        /** @description What became of a job. */
        Settlement: {
            job_id: components["schemas"]["JobId"];
            lease_token: components["schemas"]["LeaseToken"];
            /**
             * @description `completed`, `failed`, or `released`: not done, and handed back.
             * @enum {string}
             */
            outcome: "completed" | "failed" | "released";
            /** @description Any JSON, at most 1 MiB; it comes back byte for byte. Only with `completed`. Absent: no result. */
            result?: unknown;
            /** @description Why it failed. With `failed`, and only then. */
            error?: components["schemas"]["WorkerError"];
            /**
             * @description `false`: another attempt would fail, too. Only with `failed`.
             * @default true
             */
            retry?: boolean;
            /** @description How long to wait before the next attempt instead of the backoff, in seconds; 0 to 31,536,000 (a year). Only with `failed`. */
            retry_after_seconds?: number;
        };
        /** @description What became of jobs, and which are wanted next. */
        SettleRequest: {
            worker: components["schemas"]["RemoteWorker"];
            /** @description At most 1,000, each job once. */
            settlements: components["schemas"]["Settlement"][];
            lease?: components["schemas"]["NextLease"];
        };
        /** @description Whether a settlement counts. */
        SettledLease: {
            job_id: components["schemas"]["JobId"];
            /**
             * @description `ok`: it counts. `stale`: the lease was no longer the worker's, and nothing has changed. `unknown`: there is no such job.
             * @enum {string}
             */
            state: "ok" | "stale" | "unknown";
        };
        /** @description What counted, and the next jobs. */
        SettleAnswer: {
            /** @description In the order of the request. */
            settled: components["schemas"]["SettledLease"][];
            /** @description The next jobs; none without `lease`. */
            jobs: components["schemas"]["LeasedJob"][];
            worker_state: components["schemas"]["WorkerState"];
        };
        /** @description A job is done. */
        JobCompletion: {
            lease_token: components["schemas"]["LeaseToken"];
            /** @description Any JSON; it comes back byte for byte. Absent: no result. */
            result?: unknown;
        };
        /** @description An attempt has failed. */
        JobFailure: {
            lease_token: components["schemas"]["LeaseToken"];
            error: components["schemas"]["WorkerError"];
            /**
             * @description `false`: another attempt would fail, too.
             * @default true
             */
            retry?: boolean;
            /** @description How long to wait before the next attempt instead of the backoff, in seconds; 0 to 31,536,000 (a year). */
            retry_after_seconds?: number;
        };
        /** @description A job is handed back. */
        JobRelease: {
            lease_token: components["schemas"]["LeaseToken"];
        };
        /** @description A job is being worked on. */
        JobHeartbeat: {
            lease_token: components["schemas"]["LeaseToken"];
            progress?: components["schemas"]["JobProgress"];
        };
        /** @description The lease was renewed. */
        LeaseBeat: {
            job_id: components["schemas"]["JobId"];
            /**
             * @description Always `held`.
             * @enum {string}
             */
            state: "held";
            /**
             * Format: date-time
             * @description When it ends if it is not renewed again.
             */
            lease_expires_at: string;
            worker_state: components["schemas"]["WorkerState"];
        };
        /** @description A line to keep. */
        NewLogLine: {
            /** @description What it says. At most 65,536 characters; the line is cut to 8 KiB. */
            message: string;
            /** @default info */
            level?: components["schemas"]["LogLevel"];
            /** @description What else it says, at most 64 fields. */
            fields?: {
                [key: string]: components["schemas"]["LogField"];
            };
            /**
             * @description How long ago it was logged, in milliseconds; 0 to 3,600,000 (an hour).
             * @default 0
             */
            age_ms?: number;
        };
        /** @description Lines that a worker has logged. */
        JobLogLines: {
            lease_token: components["schemas"]["LeaseToken"];
            /** @description In their order, 1 to 250. */
            lines: components["schemas"]["NewLogLine"][];
        };
        /** @description What became of the lines. */
        JobLogKept: {
            /** @description Whether they are kept: `false` when the job has no `keep_logs`, or Redis has no room. */
            kept: boolean;
        };
        /**
         * @description `unavailable` if any check failed, else `degraded` if any warns, else `ok`.
         * @enum {string}
         */
        HealthStatus: "ok" | "degraded" | "unavailable";
        /**
         * @description `warn`: it works, but something should be put right. `fail`: it does not work.
         * @enum {string}
         */
        CheckStatus: "ok" | "warn" | "fail";
        /** @description What became of one check. */
        HealthCheck: {
            status: components["schemas"]["CheckStatus"];
            /** @description What is wrong and what would be right. */
            message?: string;
        };
        /** @description The checks that were made, by what they look at. */
        HealthChecks: {
            /** @description Redis answers in time. */
            redis?: components["schemas"]["HealthCheck"];
            /** @description Redis knows the scripts. */
            scripts?: components["schemas"]["HealthCheck"];
            /** @description Redis never drops a job to make room. */
            eviction?: components["schemas"]["HealthCheck"];
            /** @description Redis keeps jobs over a restart. */
            persistence?: components["schemas"]["HealthCheck"];
            /** @description The worker has lately been at work. Only on the port of a worker. */
            worker?: components["schemas"]["HealthCheck"];
        };
        /** @description Whether it works, and which part does not. */
        Health: {
            status: components["schemas"]["HealthStatus"];
            checks: components["schemas"]["HealthChecks"];
        };
        /** @description The process answers. */
        Liveness: {
            /**
             * @description Always `ok`.
             * @enum {string}
             */
            status: "ok";
        };
        /** @description One value that is not valid. */
        ProblemError: {
            /** @description Where it is, as a JSON Pointer into the body, such as `/backoff/type`; empty for the body itself. What is not in the body is under `/query`, `/path` or `/header`, such as `/query/limit`. */
            path: string;
            /** @description What would be right. */
            message: string;
        };
        /** @description An error, as problem details (RFC 9457). */
        Problem: {
            /**
             * Format: uri
             * @description Which error it is, for programs: `urn:bellhop:problem:` and one of these. More may come.
             *     - `malformed` (400): it is not HTTP, not JSON, or a path that cannot be read.
             *     - `validation` (400): a value is not what this contract says; `errors` names it.
             *     - `unauthorized` (401): there is no API key, or it is not valid.
             *     - `forbidden` (403): the key has not the scope, or is bound to other queues; or a page of another site asks.
             *     - `not-found` (404): no such path, or what the path names does not exist.
             *     - `method-not-allowed` (405): the path has other methods; `Allow` names them.
             *     - `timeout` (408): the request took too long to arrive.
             *     - `conflict` (409): it does not fit the state that things are in.
             *     - `unique-key-taken` (409): another job has the unique key, `job_id`.
             *     - `precondition-failed` (412): it is no longer as `If-Match` has it.
             *     - `payload-too-large` (413): the body is larger than 1 MiB, or 8 MiB for `POST /jobs/bulk`, `POST /leases/settle` and `POST /leases/heartbeat`.
             *     - `unsupported-media-type` (415): the body is not `application/json`.
             *     - `idempotency-key-reused` (422): the `Idempotency-Key` belongs to another request.
             *     - `queue-full` (429): more jobs would wait in the queue than it may have; try again after `Retry-After` seconds.
             *     - `too-many-requests` (429): the client has made more than it may; try again after `Retry-After` seconds.
             *     - `headers-too-large` (431): more than 16 KiB or 100 headers.
             *     - `internal` (500): a fault of the server.
             *     - `unavailable` (503): not now; try again after `Retry-After` seconds.
             */
            type: string;
            /** @description The same for people. It goes with the type. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description What is wrong with this request. */
            detail: string;
            /** @description Each value that is not valid, at most 20. Only with `validation`. */
            errors?: components["schemas"]["ProblemError"][];
            /** @description The job that has the unique key. Only with `unique-key-taken`, and not when it is no longer kept, or is one of the same request. */
            job_id?: components["schemas"]["JobId"];
        };
    };
    responses: {
        /** @description The request cannot be read (`malformed`) or is not valid (`validation`); `errors` says what would be right. */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:validation",
                 *       "title": "The request is not valid",
                 *       "status": 400,
                 *       "detail": "max_attempts must be <= 100",
                 *       "errors": [
                 *         {
                 *           "path": "/max_attempts",
                 *           "message": "must be <= 100"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no API key, or it is not valid (wrong, withdrawn, expired). */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:unauthorized",
                 *       "title": "A valid API key is needed",
                 *       "status": 401,
                 *       "detail": "Send an API key: Authorization: Bearer bh_…"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The key has not the scope that the operation needs, or is bound to other queues. Or a browser asks for a page of another site, or without keys under a name that is not the server's; then there is no `WWW-Authenticate`. */
        Forbidden: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:forbidden",
                 *       "title": "This is not allowed",
                 *       "status": 403,
                 *       "detail": "This needs the scope admin"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The client has made more requests than it may. Try again after `Retry-After` seconds. */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:too-many-requests",
                 *       "title": "Too many requests",
                 *       "status": 429,
                 *       "detail": "More than 600 requests in 60 s: try again later"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description What the path names does not exist, or no longer. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:not-found",
                 *       "title": "Not found",
                 *       "status": 404,
                 *       "detail": "There is no job 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61, or it is past its retention"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The state of things does not allow it; `detail` says which. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:conflict",
                 *       "title": "Conflict",
                 *       "status": 409,
                 *       "detail": "The job is completed; it can be cancelled only before it has ended"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The lease is no longer the worker's, because it ran out, the job was cancelled, or its outcome has been told already. Nothing has changed. */
        StaleLease: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:conflict",
                 *       "title": "Conflict",
                 *       "status": 409,
                 *       "detail": "The lease is no longer yours: it ran out, or what became of the job has been told already"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Another job has the unique key, and it is not to be returned or cannot be replaced; nothing was kept. Or what was submitted before with the same `Idempotency-Key` is no longer kept (`conflict`). */
        UniqueKeyTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:unique-key-taken",
                 *       "title": "Another job has the unique key",
                 *       "status": 409,
                 *       "detail": "/unique: the key belongs to the job 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                 *       "job_id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The job is no longer as `If-Match` has it, and nothing was changed. Read it again. */
        PreconditionFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:precondition-failed",
                 *       "title": "It has changed meanwhile",
                 *       "status": 412,
                 *       "detail": "The job is no longer as If-Match has it: read it again"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The `Idempotency-Key` belongs to another request; nothing was kept. */
        IdempotencyKeyReused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:idempotency-key-reused",
                 *       "title": "The idempotency key belongs to another request",
                 *       "status": 422,
                 *       "detail": "This Idempotency-Key has been used for another request: another body, or another operation"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description More jobs would wait in the queue than its `max_length` (`queue-full`), or the client has made more requests than it may (`too-many-requests`); nothing was kept. Try again after `Retry-After` seconds. */
        QueueFull: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than 1 MiB, or 8 MiB for `POST /jobs/bulk`, `POST /leases/settle` and `POST /leases/heartbeat`. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:payload-too-large",
                 *       "title": "The body is too large",
                 *       "status": 413,
                 *       "detail": "The body is larger than 1048576 bytes"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not `application/json`. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:unsupported-media-type",
                 *       "title": "Unsupported media type",
                 *       "status": 415,
                 *       "detail": "The body must be JSON, sent with Content-Type: application/json"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A fault of the server. Its log has the cause; the answer says where to look and no more. */
        Internal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:internal",
                 *       "title": "Internal error",
                 *       "status": 500,
                 *       "detail": "The server failed to answer; its log has the cause under the request id 9f3c2a1e"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Redis cannot take it now, being away, full or starting; or this server is shutting down, or has more to do than it can. Try again. */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:unavailable",
                 *       "title": "Unavailable",
                 *       "status": 503,
                 *       "detail": "The queue cannot take this request now: try again shortly"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A check failed; the body says which. While the server shuts down it is a `Problem`, with `Retry-After`. */
        Unhealthy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "status": "unavailable",
                 *       "checks": {
                 *         "redis": {
                 *           "status": "fail",
                 *           "message": "Redis is not reachable: connect ECONNREFUSED 127.0.0.1:6379"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Health"];
                /**
                 * @example {
                 *       "type": "urn:bellhop:problem:unavailable",
                 *       "title": "Unavailable",
                 *       "status": 503,
                 *       "detail": "The server is shutting down: try again"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no task, or another field is not valid; the message names it. */
        SubmitInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SubmitError"];
            };
        };
        /** @description There is no API key, or it is not valid (wrong, withdrawn, expired). */
        SubmitUnauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "Send an API key: Authorization: Bearer bh_…"
                 *     }
                 */
                "application/json": components["schemas"]["SubmitError"];
            };
        };
        /** @description The key has not the scope `submit`, or is bound to other queues. Or a browser asks for a page of another site, or without keys under a name that is not the server's; then there is no `WWW-Authenticate`. */
        SubmitForbidden: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "This needs the scope submit"
                 *     }
                 */
                "application/json": components["schemas"]["SubmitError"];
            };
        };
        /** @description The body is larger than 1 MiB. */
        SubmitTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "The body is larger than 1048576 bytes"
                 *     }
                 */
                "application/json": components["schemas"]["SubmitError"];
            };
        };
        /** @description The body is not `application/json`. */
        SubmitUnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "The body must be JSON, sent with Content-Type: application/json"
                 *     }
                 */
                "application/json": components["schemas"]["SubmitError"];
            };
        };
        /** @description Another job has the unique key, and it is not to be returned or cannot be replaced; nothing was kept. Or what was submitted before with the same `Idempotency-Key` is no longer kept. */
        SubmitUniqueKeyTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "/unique: the key belongs to the job 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61"
                 *     }
                 */
                "application/json": components["schemas"]["SubmitError"];
            };
        };
        /** @description The `Idempotency-Key` belongs to another request; nothing was kept. */
        SubmitIdempotencyKeyReused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "This Idempotency-Key has been used for another request: another body, or another operation"
                 *     }
                 */
                "application/json": components["schemas"]["SubmitError"];
            };
        };
        /** @description More jobs would wait in the queue than its `max_length`, or the client has made more requests than it may; nothing was kept. Try again after `Retry-After` seconds. */
        SubmitQueueFull: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SubmitError"];
            };
        };
        /** @description A fault of the server. Its log has the cause. */
        SubmitInternal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "The server failed to answer; its log has the cause under the request id 9f3c2a1e"
                 *     }
                 */
                "application/json": components["schemas"]["SubmitError"];
            };
        };
        /** @description Redis cannot take it now, being away, full or starting; or this server is shutting down, or has more to do than it can. Try again. */
        SubmitUnavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "The queue cannot take this request now: try again shortly"
                 *     }
                 */
                "application/json": components["schemas"]["SubmitError"];
            };
        };
    };
    parameters: {
        /**
         * @description The webhook's id.
         * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
         */
        WebhookId: components["schemas"]["WebhookId"];
        /**
         * @description The job's id. The same in each attempt, so that the receiver can tell.
         * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
         */
        PushedId: components["schemas"]["JobId"];
        /**
         * @description The job's id.
         * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
         */
        PushedJobId: components["schemas"]["JobId"];
        /**
         * @description Which attempt this is, 1 for the first.
         * @example 1
         */
        PushedAttempt: string;
        /**
         * @description When an answer, or after 202 what becomes of the job, is no longer waited for.
         * @example 2025-01-01T09:31:00.000Z
         */
        PushedDeadline: string;
        /**
         * @description Names this attempt, for who answers 202 and settles it later.
         * @example n-.1.0.1735723800004.q1Zr0c2uXJbK:images:w_1a2b3c4d5e6f:30000::Kq0v1y3ZrB2hV5mT8eWd
         */
        PushedLeaseToken: components["schemas"]["LeaseToken"];
        /**
         * @description The id of the delivery, which is also that of its job. The same whenever it is tried again, so that the receiver can tell.
         * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e62
         */
        DeliveryId: components["schemas"]["JobId"];
        /**
         * @description When it was sent, in seconds since 1970.
         * @example 1735723802
         */
        DeliveryTimestamp: string;
        /**
         * @description Signatures of `<webhook-id>.<webhook-timestamp>.<body>` with HMAC-SHA256, each `v1,` and base64, with a space between them; more than one while a secret is rotated.
         * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
         */
        DeliverySignature: string;
        /**
         * @description The job's id.
         * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
         */
        JobId: components["schemas"]["JobId"];
        /**
         * @description The id of a worker, as `GET /workers` has it.
         * @example w_0c1d2e3f4a5b
         */
        WorkerId: components["schemas"]["WorkerName"];
        /**
         * @description The queue's name.
         * @example default
         */
        QueueName: components["schemas"]["QueueName"];
        /**
         * @description The schedule's name.
         * @example nightly-report
         */
        ScheduleName: components["schemas"]["ScheduleName"];
        /**
         * @description How many items a page has at most.
         * @example 50
         */
        Limit: number;
        /**
         * @description How many jobs a page has at most.
         * @example 50
         */
        JobLimit: number;
        /**
         * @description `wait=N` (RFC 7240): answer when the job has ended (`completed`, `failed` or `cancelled`), but at the latest after N seconds; 0 to 60, and more counts as 60. Without it the answer comes at once. A preference that is not understood is passed over.
         * @example wait=30
         */
        PreferWait: string;
        /**
         * @description Do it only if the job is still as one of these `ETag`s says, up to 16 with commas between them (RFC 9110); `*` is any. Of an `ETag` what stands behind its dot is not looked at: it is about `waiting_for`, which no edit can overwrite. A weak one (`W/"…"`) is none of ours, and matches nothing.
         * @example "0c5b1d3f6f1e0f3c0f5d1c7a9f1d2b3c4d5e6f70"
         */
        IfMatch: string;
        /**
         * @description Answer with the job only if it is no longer as one of these `ETag`s says, up to 16 with commas between them (RFC 9110); `*` is any.
         * @example "0c5b1d3f6f1e0f3c0f5d1c7a9f1d2b3c4d5e6f70.8f14e45f"
         */
        IfNoneMatch: string;
        /**
         * @description The id of the last event that the client has; without it, the stream begins now.
         * @example 1735723800004-0.0
         */
        LastEventId: string;
        /**
         * @description Only events of this queue; it need not exist yet.
         * @example images
         */
        EventQueue: components["schemas"]["QueueName"];
        /**
         * @description Only events of these kinds. To name several, repeat it, `?kind=completed&kind=failed`.
         * @example [
         *       "completed",
         *       "failed"
         *     ]
         */
        EventKinds: components["schemas"]["EventKind"][];
        /**
         * @description The `next_cursor` of the page before; without it, the first page. A text that this list never gave may be refused.
         * @example images
         */
        Cursor: string;
        /**
         * @description 1 to 255 printable ASCII characters of your own, or the same as a quoted string (RFC 8941), such as a UUID made for this one submit. Who sends the same request again with the same key, as after an answer that was lost, gets the same answer again, with `Idempotency-Replayed: true`, and nothing is kept twice, however many come at once. The same key with another body, byte for byte, or for another operation is refused (422).
         *
         *     A key is remembered for 24 hours by default (`IDEMPOTENCY_SECONDS`) from when the jobs were kept. A submit that was refused is not remembered.
         * @example 5f0c9d6e-order-1042
         */
        IdempotencyKey: string;
        /**
         * @description The trace that the jobs continue (W3C Trace Context). It is kept with them, and goes on to their workers and callbacks, whether or not this service traces anything itself. One that is not valid is passed over.
         * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
         */
        Traceparent: string;
        /**
         * @description What tracing systems say beside it; kept with it if it has at most 512 characters.
         * @example congo=t61rcWkgMzE
         */
        Tracestate: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description `true` when this request had been answered before, with the same key; else absent.
         * @example true
         */
        IdempotencyReplayed: "true";
        /**
         * @description Stands for all that the answer says of the job (a strong validator), and changes with its status, progress and edits. Opaque.
         * @example "0c5b1d3f6f1e0f3c0f5d1c7a9f1d2b3c4d5e6f70"
         */
        ETag: string;
        /**
         * @description The path of the job, `/jobs/{id}`.
         * @example /jobs/01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
         */
        Location: string;
        /**
         * @description The path of the webhook, `/webhooks/{id}`.
         * @example /webhooks/01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
         */
        WebhookLocation: string;
        /**
         * @description The wait that was applied, such as `wait=60` when more was asked for. Only when one was asked for.
         * @example wait=30
         */
        PreferenceApplied: string;
        /**
         * @description In how many seconds to try again.
         * @example 1
         */
        RetryAfter: number;
        /**
         * @description What is missing (RFC 6750).
         * @example Bearer realm="bellhop", error="insufficient_scope", scope="admin"
         */
        WWWAuthenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    submitTask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `wait=N` (RFC 7240): answer when the job has ended (`completed`, `failed` or `cancelled`), but at the latest after N seconds; 0 to 60, and more counts as 60. Without it the answer comes at once. A preference that is not understood is passed over.
                 * @example wait=30
                 */
                Prefer?: components["parameters"]["PreferWait"];
                /**
                 * @description 1 to 255 printable ASCII characters of your own, or the same as a quoted string (RFC 8941), such as a UUID made for this one submit. Who sends the same request again with the same key, as after an answer that was lost, gets the same answer again, with `Idempotency-Replayed: true`, and nothing is kept twice, however many come at once. The same key with another body, byte for byte, or for another operation is refused (422).
                 *
                 *     A key is remembered for 24 hours by default (`IDEMPOTENCY_SECONDS`) from when the jobs were kept. A submit that was refused is not remembered.
                 * @example 5f0c9d6e-order-1042
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description The trace that the jobs continue (W3C Trace Context). It is kept with them, and goes on to their workers and callbacks, whether or not this service traces anything itself. One that is not valid is passed over.
                 * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                 */
                traceparent?: components["parameters"]["Traceparent"];
                /**
                 * @description What tracing systems say beside it; kept with it if it has at most 512 characters.
                 * @example congo=t61rcWkgMzE
                 */
                tracestate?: components["parameters"]["Tracestate"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewJob"];
            };
        };
        responses: {
            /** @description The job is kept. */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["PreferenceApplied"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "queued",
                     *       "task": "send-welcome-mail",
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61"
                     *     }
                     */
                    "application/json": components["schemas"]["Submitted"];
                };
            };
            400: components["responses"]["SubmitInvalid"];
            401: components["responses"]["SubmitUnauthorized"];
            403: components["responses"]["SubmitForbidden"];
            409: components["responses"]["SubmitUniqueKeyTaken"];
            413: components["responses"]["SubmitTooLarge"];
            415: components["responses"]["SubmitUnsupportedMediaType"];
            422: components["responses"]["SubmitIdempotencyKeyReused"];
            429: components["responses"]["SubmitQueueFull"];
            500: components["responses"]["SubmitInternal"];
            503: components["responses"]["SubmitUnavailable"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /**
                 * @description Only jobs of this queue.
                 * @example images
                 */
                queue?: components["schemas"]["QueueName"];
                /**
                 * @description Only jobs with one of these statuses. Give it several times for several.
                 * @example [
                 *       "failed"
                 *     ]
                 */
                status?: components["schemas"]["FilterStatuses"];
                /**
                 * @description Only jobs with exactly this task.
                 * @example resize
                 */
                task?: components["schemas"]["FilterTask"];
                /**
                 * @description Only jobs of this type.
                 * @example task
                 */
                type?: components["schemas"]["JobType"];
                /**
                 * @description Only jobs with this tag.
                 * @example books
                 */
                tag?: components["schemas"]["FilterTag"];
                /**
                 * @description Only jobs that this worker runs, or ran last; its id.
                 * @example worker-1-4711
                 */
                worker?: components["schemas"]["FilterWorker"];
                /**
                 * @description Only jobs with this priority.
                 * @example high
                 */
                priority?: components["schemas"]["Priority"];
                /**
                 * @description Only jobs that were created then or later.
                 * @example 2025-01-01T00:00:00Z
                 */
                created_after?: components["schemas"]["FilterTime"];
                /**
                 * @description Only jobs that were created earlier than that.
                 * @example 2025-01-02T00:00:00Z
                 */
                created_before?: components["schemas"]["FilterTime"];
                /**
                 * @description Only jobs that ended then or later, whatever the outcome.
                 * @example 2025-01-01T00:00:00Z
                 */
                finished_after?: components["schemas"]["FilterTime"];
                /**
                 * @description Only jobs that ended earlier than that, whatever the outcome.
                 * @example 2025-01-02T00:00:00Z
                 */
                finished_before?: components["schemas"]["FilterTime"];
                /**
                 * @description Only jobs with this text in their input (as it was sent), task, id or the message of one of their errors, in lower or upper case.
                 * @example ada@example
                 */
                q?: components["schemas"]["FilterText"];
                /**
                 * @description What comes first.
                 * @example oldest
                 */
                order?: "newest" | "oldest";
                /**
                 * @description How many jobs a page has at most.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description The `next_cursor` of the page before; without it, the first page. A text that this list never gave may be refused.
                 * @example images
                 */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of jobs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *           "status": "queued",
                     *           "task": "send-welcome-mail",
                     *           "type": "task",
                     *           "queue": "default",
                     *           "priority": "normal",
                     *           "input": {
                     *             "to": "ada@example"
                     *           },
                     *           "attempt": 0,
                     *           "max_attempts": 3,
                     *           "backoff": {
                     *             "type": "exponential",
                     *             "delay_seconds": 5,
                     *             "max_delay_seconds": 3600,
                     *             "jitter": 0.2
                     *           },
                     *           "tags": [],
                     *           "metadata": {},
                     *           "lost": 0,
                     *           "created_at": "2025-01-01T09:30:00.000Z",
                     *           "errors": []
                     *         }
                     *       ],
                     *       "next_cursor": "Y3JlYXRlZCBuZXdlc3QgMTczNTcyMzgwMDAxNiBkZWZhdWx0IDAtMTI",
                     *       "searched": 10000
                     *     }
                     */
                    "application/json": components["schemas"]["FoundJobs"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `wait=N` (RFC 7240): answer when the job has ended (`completed`, `failed` or `cancelled`), but at the latest after N seconds; 0 to 60, and more counts as 60. Without it the answer comes at once. A preference that is not understood is passed over.
                 * @example wait=30
                 */
                Prefer?: components["parameters"]["PreferWait"];
                /**
                 * @description 1 to 255 printable ASCII characters of your own, or the same as a quoted string (RFC 8941), such as a UUID made for this one submit. Who sends the same request again with the same key, as after an answer that was lost, gets the same answer again, with `Idempotency-Replayed: true`, and nothing is kept twice, however many come at once. The same key with another body, byte for byte, or for another operation is refused (422).
                 *
                 *     A key is remembered for 24 hours by default (`IDEMPOTENCY_SECONDS`) from when the jobs were kept. A submit that was refused is not remembered.
                 * @example 5f0c9d6e-order-1042
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description The trace that the jobs continue (W3C Trace Context). It is kept with them, and goes on to their workers and callbacks, whether or not this service traces anything itself. One that is not valid is passed over.
                 * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                 */
                traceparent?: components["parameters"]["Traceparent"];
                /**
                 * @description What tracing systems say beside it; kept with it if it has at most 512 characters.
                 * @example congo=t61rcWkgMzE
                 */
                tracestate?: components["parameters"]["Tracestate"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewJob"];
            };
        };
        responses: {
            /** @description Nothing new is kept; another job has the unique key. This is that job as it is now. */
            200: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["PreferenceApplied"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "status": "scheduled",
                     *       "task": "rebuild-index",
                     *       "type": "task",
                     *       "queue": "default",
                     *       "priority": "normal",
                     *       "input": null,
                     *       "attempt": 0,
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "type": "exponential",
                     *         "delay_seconds": 5,
                     *         "max_delay_seconds": 3600,
                     *         "jitter": 0.2
                     *       },
                     *       "unique": {
                     *         "key": "index",
                     *         "until": "started",
                     *         "on_conflict": "return"
                     *       },
                     *       "tags": [],
                     *       "metadata": {},
                     *       "lost": 0,
                     *       "created_at": "2025-01-01T09:30:00.000Z",
                     *       "run_at": "2025-01-01T09:31:00.000Z",
                     *       "errors": []
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The job is kept. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["PreferenceApplied"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "status": "queued",
                     *       "task": "send-welcome-mail",
                     *       "type": "task",
                     *       "queue": "default",
                     *       "priority": "normal",
                     *       "input": null,
                     *       "attempt": 0,
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "type": "exponential",
                     *         "delay_seconds": 5,
                     *         "max_delay_seconds": 3600,
                     *         "jitter": 0.2
                     *       },
                     *       "tags": [],
                     *       "metadata": {},
                     *       "lost": 0,
                     *       "created_at": "2025-01-01T09:30:00.000Z",
                     *       "errors": []
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["UniqueKeyTaken"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["QueueFull"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    createJobs: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 printable ASCII characters of your own, or the same as a quoted string (RFC 8941), such as a UUID made for this one submit. Who sends the same request again with the same key, as after an answer that was lost, gets the same answer again, with `Idempotency-Replayed: true`, and nothing is kept twice, however many come at once. The same key with another body, byte for byte, or for another operation is refused (422).
                 *
                 *     A key is remembered for 24 hours by default (`IDEMPOTENCY_SECONDS`) from when the jobs were kept. A submit that was refused is not remembered.
                 * @example 5f0c9d6e-order-1042
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description The trace that the jobs continue (W3C Trace Context). It is kept with them, and goes on to their workers and callbacks, whether or not this service traces anything itself. One that is not valid is passed over.
                 * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                 */
                traceparent?: components["parameters"]["Traceparent"];
                /**
                 * @description What tracing systems say beside it; kept with it if it has at most 512 characters.
                 * @example congo=t61rcWkgMzE
                 */
                tracestate?: components["parameters"]["Tracestate"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "jobs": [
                 *         {
                 *           "task": "resize",
                 *           "input": {
                 *             "url": "https://example.com/1.png"
                 *           },
                 *           "queue": "images"
                 *         },
                 *         {
                 *           "task": "resize",
                 *           "input": {
                 *             "url": "https://example.com/2.png"
                 *           },
                 *           "queue": "images",
                 *           "delay_seconds": 60
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewJobs"];
            };
        };
        responses: {
            /** @description All jobs are kept. */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *           "status": "queued"
                     *         },
                     *         {
                     *           "id": "01940b6e-5c1f-7b02-8d51-92c4e0a7f316",
                     *           "status": "scheduled"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedJobs"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["UniqueKeyTaken"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["QueueFull"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    actOnJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobsAction"];
            };
        };
        responses: {
            /** @description What was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "matched": 1000,
                     *       "changed": 998,
                     *       "unchanged": 2,
                     *       "searched": 1412,
                     *       "next_cursor": "ZmFpbGVkIG9sZGVzdCAxNzM1NzIzODAwMDE2IGltYWdlcyBBWlFMYmx3ZmVqMmNEajlhZXkxT1lR"
                     *     }
                     */
                    "application/json": components["schemas"]["JobsActed"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `wait=N` (RFC 7240): answer when the job has ended (`completed`, `failed` or `cancelled`), but at the latest after N seconds; 0 to 60, and more counts as 60. Without it the answer comes at once. A preference that is not understood is passed over.
                 * @example wait=30
                 */
                Prefer?: components["parameters"]["PreferWait"];
                /**
                 * @description Answer with the job only if it is no longer as one of these `ETag`s says, up to 16 with commas between them (RFC 9110); `*` is any.
                 * @example "0c5b1d3f6f1e0f3c0f5d1c7a9f1d2b3c4d5e6f70.8f14e45f"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Preference-Applied": components["headers"]["PreferenceApplied"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "status": "completed",
                     *       "task": "resize",
                     *       "type": "task",
                     *       "queue": "images",
                     *       "priority": "high",
                     *       "input": {
                     *         "url": "https://example.com/cover.png",
                     *         "widths": [
                     *           320,
                     *           640
                     *         ]
                     *       },
                     *       "attempt": 2,
                     *       "max_attempts": 5,
                     *       "backoff": {
                     *         "type": "exponential",
                     *         "delay_seconds": 2,
                     *         "max_delay_seconds": 600,
                     *         "jitter": 0.2
                     *       },
                     *       "timeout_seconds": 120,
                     *       "tags": [
                     *         "books"
                     *       ],
                     *       "metadata": {
                     *         "requested_by": "ada"
                     *       },
                     *       "lost": 0,
                     *       "created_at": "2025-01-01T09:30:00.000Z",
                     *       "started_at": "2025-01-01T09:30:04.512Z",
                     *       "completed_at": "2025-01-01T09:30:06.020Z",
                     *       "result": {
                     *         "files": [
                     *           "cover-320.png",
                     *           "cover-640.png"
                     *         ]
                     *       },
                     *       "errors": [
                     *         {
                     *           "attempt": 1,
                     *           "at": "2025-01-01T09:30:02.407Z",
                     *           "reason": "failed",
                     *           "message": "fetch failed: 502",
                     *           "worker": "worker-1-4711"
                     *         }
                     *       ],
                     *       "worker": "worker-2-812"
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The job is as `If-None-Match` has it. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Preference-Applied": components["headers"]["PreferenceApplied"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job is forgotten. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    editJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Do it only if the job is still as one of these `ETag`s says, up to 16 with commas between them (RFC 9110); `*` is any. Of an `ETag` what stands behind its dot is not looked at: it is about `waiting_for`, which no edit can overwrite. A weak one (`W/"…"`) is none of ours, and matches nothing.
                 * @example "0c5b1d3f6f1e0f3c0f5d1c7a9f1d2b3c4d5e6f70"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobPatch"];
            };
        };
        responses: {
            /** @description The job as it now is. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "status": "queued",
                     *       "task": "resize",
                     *       "type": "task",
                     *       "queue": "images",
                     *       "priority": "high",
                     *       "input": {
                     *         "url": "https://example.com/back.png"
                     *       },
                     *       "attempt": 0,
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "type": "exponential",
                     *         "delay_seconds": 5,
                     *         "max_delay_seconds": 3600,
                     *         "jitter": 0.2
                     *       },
                     *       "tags": [
                     *         "books"
                     *       ],
                     *       "metadata": {
                     *         "corrected_by": "ada"
                     *       },
                     *       "lost": 0,
                     *       "created_at": "2025-01-01T09:30:00.000Z",
                     *       "errors": []
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job as it now is. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "status": "cancelled",
                     *       "task": "resize",
                     *       "type": "task",
                     *       "queue": "images",
                     *       "priority": "normal",
                     *       "input": {
                     *         "url": "https://example.com/cover.png"
                     *       },
                     *       "attempt": 0,
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "type": "exponential",
                     *         "delay_seconds": 5,
                     *         "max_delay_seconds": 3600,
                     *         "jitter": 0.2
                     *       },
                     *       "tags": [],
                     *       "metadata": {},
                     *       "lost": 0,
                     *       "created_at": "2025-01-01T09:30:00.000Z",
                     *       "completed_at": "2025-01-01T09:30:02.000Z",
                     *       "cancellation": {
                     *         "reason": "requested"
                     *       },
                     *       "errors": []
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job as it now is. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "status": "queued",
                     *       "task": "resize",
                     *       "type": "task",
                     *       "queue": "images",
                     *       "priority": "normal",
                     *       "input": {
                     *         "url": "https://example.com/cover.png"
                     *       },
                     *       "attempt": 0,
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "type": "exponential",
                     *         "delay_seconds": 5,
                     *         "max_delay_seconds": 3600,
                     *         "jitter": 0.2
                     *       },
                     *       "tags": [],
                     *       "metadata": {},
                     *       "lost": 0,
                     *       "created_at": "2025-01-01T09:30:00.000Z",
                     *       "errors": []
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    promoteJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job as it now is. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "status": "queued",
                     *       "task": "resize",
                     *       "type": "task",
                     *       "queue": "images",
                     *       "priority": "normal",
                     *       "input": {
                     *         "url": "https://example.com/cover.png"
                     *       },
                     *       "attempt": 0,
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "type": "exponential",
                     *         "delay_seconds": 5,
                     *         "max_delay_seconds": 3600,
                     *         "jitter": 0.2
                     *       },
                     *       "tags": [],
                     *       "metadata": {},
                     *       "lost": 0,
                     *       "created_at": "2025-01-01T09:30:00.000Z",
                     *       "errors": []
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getJobLog: {
        parameters: {
            query?: {
                /**
                 * @description Only lines of this level and those above it.
                 * @example warn
                 */
                level?: components["schemas"]["LogLevel"];
                /**
                 * @description Only lines of this attempt, 1 for the first.
                 * @example 1
                 */
                attempt?: number;
                /**
                 * @description What comes first.
                 * @example newest
                 */
                order?: "oldest" | "newest";
                /**
                 * @description How many lines a page has at most.
                 * @example 100
                 */
                limit?: number;
                /**
                 * @description The `next_cursor` of the page before, or the number of a line, behind which the page begins; without it, the first page.
                 * @example 100
                 */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of lines. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "line": 1,
                     *           "at": "2025-01-01T09:30:00.012Z",
                     *           "level": "info",
                     *           "message": "resizing https://example.com/cover.png",
                     *           "attempt": 1,
                     *           "fields": {}
                     *         },
                     *         {
                     *           "line": 2,
                     *           "at": "2025-01-01T09:30:00.407Z",
                     *           "level": "warn",
                     *           "message": "slow answer",
                     *           "attempt": 1,
                     *           "fields": {
                     *             "took_ms": 391
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "dropped": 0
                     *     }
                     */
                    "application/json": components["schemas"]["JobLog"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    addJobLog: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobLogLines"];
            };
        };
        responses: {
            /** @description Whether they are kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "kept": true
                     *     }
                     */
                    "application/json": components["schemas"]["JobLogKept"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["StaleLease"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    followJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The id of the last event that the client has; without it, the stream begins now.
                 * @example 1735723800004-0.0
                 */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 1000
                     *
                     *     event: job
                     *     data: {"id":"01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61","status":"queued","task":"send-welcome-mail","type":"task","queue":"default","priority":"normal","input":null,"attempt":0,"max_attempts":3,"backoff":{"type":"exponential","delay_seconds":5,"max_delay_seconds":3600,"jitter":0.2},"tags":[],"metadata":{},"lost":0,"created_at":"2025-01-01T09:30:00.000Z","errors":[]}
                     *
                     *     id: 1735723800004-0.0
                     *     event: started
                     *     data: {"kind":"started","job_id":"01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61","queue":"default","worker":"worker-1-4711","at":"2025-01-01T09:30:00.004Z"}
                     *
                     *     id: 1735723800090-0.0
                     *     event: completed
                     *     data: {"kind":"completed","job_id":"01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61","queue":"default","worker":"worker-1-4711","at":"2025-01-01T09:30:00.090Z"}
                     *
                     *     event: end
                     *     data: {"reason":"job_ended","detail":"The job has ended."}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    completeJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobCompletion"];
            };
        };
        responses: {
            /** @description It counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "state": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["SettledLease"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["StaleLease"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    failJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobFailure"];
            };
        };
        responses: {
            /** @description It counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "state": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["SettledLease"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["StaleLease"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    releaseJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobRelease"];
            };
        };
        responses: {
            /** @description It counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "state": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["SettledLease"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["StaleLease"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    heartbeatJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobHeartbeat"];
            };
        };
        responses: {
            /** @description The lease is held, until then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "state": "held",
                     *       "lease_expires_at": "2025-01-01T09:30:30.004Z",
                     *       "worker_state": "run"
                     *     }
                     */
                    "application/json": components["schemas"]["LeaseBeat"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["StaleLease"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    followEvents: {
        parameters: {
            query?: {
                /**
                 * @description Only events of this queue; it need not exist yet.
                 * @example images
                 */
                queue?: components["parameters"]["EventQueue"];
                /**
                 * @description Only events of these kinds. To name several, repeat it, `?kind=completed&kind=failed`.
                 * @example [
                 *       "completed",
                 *       "failed"
                 *     ]
                 */
                kind?: components["parameters"]["EventKinds"];
            };
            header?: {
                /**
                 * @description The id of the last event that the client has; without it, the stream begins now.
                 * @example 1735723800004-0.0
                 */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream, without an end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 1000
                     *
                     *     id: 1735723800000-0.0
                     *     event: submitted
                     *     data: {"kind":"submitted","job_id":"01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61","queue":"default","at":"2025-01-01T09:30:00.000Z"}
                     *
                     *     id: 1735723800004-0.0
                     *     event: started
                     *     data: {"kind":"started","job_id":"01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61","queue":"default","worker":"worker-1-4711","at":"2025-01-01T09:30:00.004Z"}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    leaseJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeaseRequest"];
            };
        };
        responses: {
            /** @description The jobs, or none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *           "task": "resize",
                     *           "type": "task",
                     *           "queue": "images",
                     *           "priority": "normal",
                     *           "input": {
                     *             "url": "https://example.com/cover.png"
                     *           },
                     *           "attempt": 1,
                     *           "max_attempts": 3,
                     *           "lost": 0,
                     *           "tags": [],
                     *           "metadata": {},
                     *           "created_at": "2025-01-01T09:30:00.000Z",
                     *           "lease_token": "n-.1.0.1735723800004.q1Zr0c2uXJbK:images:py-7f3a:30000::Kq0v1y3ZrB2hV5mT8eWd",
                     *           "lease_expires_at": "2025-01-01T09:30:30.004Z"
                     *         }
                     *       ],
                     *       "worker_state": "run"
                     *     }
                     */
                    "application/json": components["schemas"]["LeasedJobs"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    heartbeatLeases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeartbeatRequest"];
            };
        };
        responses: {
            /** @description How each lease is, in the order of the request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "leases": [
                     *         {
                     *           "job_id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *           "state": "held",
                     *           "lease_expires_at": "2025-01-01T09:30:30.004Z"
                     *         }
                     *       ],
                     *       "worker_state": "run"
                     *     }
                     */
                    "application/json": components["schemas"]["HeartbeatAnswer"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    settleLeases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettleRequest"];
            };
        };
        responses: {
            /** @description What counted, in the order of the request, and the next jobs if they were asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "settled": [
                     *         {
                     *           "job_id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *           "state": "ok"
                     *         }
                     *       ],
                     *       "jobs": [],
                     *       "worker_state": "run"
                     *     }
                     */
                    "application/json": components["schemas"]["SettleAnswer"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listQueues: {
        parameters: {
            query?: {
                /**
                 * @description How many items a page has at most.
                 * @example 50
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `next_cursor` of the page before; without it, the first page. A text that this list never gave may be refused.
                 * @example images
                 */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of queues, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "default",
                     *           "paused": false,
                     *           "counts": {
                     *             "blocked": 0,
                     *             "queued": 0,
                     *             "scheduled": 0,
                     *             "retrying": 0,
                     *             "active": 0,
                     *             "completed": 0,
                     *             "failed": 0,
                     *             "cancelled": 0
                     *           },
                     *           "queued_by_priority": {
                     *             "high": 0,
                     *             "normal": 0,
                     *             "low": 0
                     *           },
                     *           "oldest_waiting_seconds": null,
                     *           "totals": {
                     *             "submitted": 0,
                     *             "completed": 0,
                     *             "failed": 0,
                     *             "cancelled": 0,
                     *             "retried": 0,
                     *             "lost": 0
                     *           }
                     *         },
                     *         {
                     *           "name": "images",
                     *           "paused": false,
                     *           "counts": {
                     *             "blocked": 0,
                     *             "queued": 12,
                     *             "scheduled": 3,
                     *             "retrying": 1,
                     *             "active": 10,
                     *             "completed": 4821,
                     *             "failed": 2,
                     *             "cancelled": 0
                     *           },
                     *           "queued_by_priority": {
                     *             "high": 2,
                     *             "normal": 10,
                     *             "low": 0
                     *           },
                     *           "oldest_waiting_seconds": 1.204,
                     *           "totals": {
                     *             "submitted": 9140,
                     *             "completed": 9112,
                     *             "failed": 2,
                     *             "cancelled": 0,
                     *             "retried": 31,
                     *             "lost": 1
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["QueuePage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The queue's name.
                 * @example default
                 */
                queue: components["parameters"]["QueueName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "images",
                     *       "paused": false,
                     *       "counts": {
                     *         "blocked": 0,
                     *         "queued": 12,
                     *         "scheduled": 3,
                     *         "retrying": 1,
                     *         "active": 10,
                     *         "completed": 4821,
                     *         "failed": 2,
                     *         "cancelled": 0
                     *       },
                     *       "queued_by_priority": {
                     *         "high": 2,
                     *         "normal": 10,
                     *         "low": 0
                     *       },
                     *       "oldest_waiting_seconds": 1.204,
                     *       "totals": {
                     *         "submitted": 9140,
                     *         "completed": 9112,
                     *         "failed": 2,
                     *         "cancelled": 0,
                     *         "retried": 31,
                     *         "lost": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Queue"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The queue's name.
                 * @example default
                 */
                queue: components["parameters"]["QueueName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueSettingsPatch"];
            };
        };
        responses: {
            /** @description The queue, with its settings as they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "images",
                     *       "paused": false,
                     *       "counts": {
                     *         "blocked": 0,
                     *         "queued": 12,
                     *         "scheduled": 3,
                     *         "retrying": 1,
                     *         "active": 10,
                     *         "completed": 4821,
                     *         "failed": 2,
                     *         "cancelled": 0
                     *       },
                     *       "queued_by_priority": {
                     *         "high": 2,
                     *         "normal": 10,
                     *         "low": 0
                     *       },
                     *       "oldest_waiting_seconds": 1.204,
                     *       "totals": {
                     *         "submitted": 9140,
                     *         "completed": 9112,
                     *         "failed": 2,
                     *         "cancelled": 0,
                     *         "retried": 31,
                     *         "lost": 1
                     *       },
                     *       "settings": {
                     *         "completed_retention_seconds": 3600,
                     *         "completed_max": 100000,
                     *         "dlq_retention_seconds": 1209600,
                     *         "dlq_max": 100000,
                     *         "max_length": 1000,
                     *         "concurrency": null,
                     *         "rate_limit": null,
                     *         "group_concurrency": null,
                     *         "group_rate_limit": null,
                     *         "group_overrides": {},
                     *         "priority_aging_seconds": null,
                     *         "http": null,
                     *         "defaults": {
                     *           "max_attempts": 3,
                     *           "backoff": {
                     *             "type": "exponential",
                     *             "delay_seconds": 5,
                     *             "max_delay_seconds": 3600,
                     *             "jitter": 0.2
                     *           },
                     *           "timeout_seconds": null,
                     *           "keep_logs": false
                     *         },
                     *         "input_schemas": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Queue"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getQueueScale: {
        parameters: {
            query?: {
                /**
                 * @description How many jobs one worker runs at the same time; 1 to 1,000.
                 * @example 10
                 */
                concurrency?: number;
                /**
                 * @description In how many seconds the backlog shall be worked off; 1 to 86,400 (a day).
                 * @example 60
                 */
                drain_seconds?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The queue's name.
                 * @example default
                 */
                queue: components["parameters"]["QueueName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it needs now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "queue": "images",
                     *       "paused": false,
                     *       "backlog": 1200,
                     *       "oldest_seconds": 14.2,
                     *       "active": 40,
                     *       "arrival_rate": 10,
                     *       "service_rate": 20,
                     *       "workers": 4,
                     *       "suggested_workers": 6
                     *     }
                     */
                    "application/json": components["schemas"]["QueueScale"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    pauseQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The queue's name.
                 * @example default
                 */
                queue: components["parameters"]["QueueName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue, paused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "images",
                     *       "paused": true,
                     *       "counts": {
                     *         "blocked": 0,
                     *         "queued": 12,
                     *         "scheduled": 3,
                     *         "retrying": 1,
                     *         "active": 10,
                     *         "completed": 4821,
                     *         "failed": 2,
                     *         "cancelled": 0
                     *       },
                     *       "queued_by_priority": {
                     *         "high": 2,
                     *         "normal": 10,
                     *         "low": 0
                     *       },
                     *       "oldest_waiting_seconds": 1.204,
                     *       "totals": {
                     *         "submitted": 9140,
                     *         "completed": 9112,
                     *         "failed": 2,
                     *         "cancelled": 0,
                     *         "retried": 31,
                     *         "lost": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Queue"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    resumeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The queue's name.
                 * @example default
                 */
                queue: components["parameters"]["QueueName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue, which goes on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "images",
                     *       "paused": false,
                     *       "counts": {
                     *         "blocked": 0,
                     *         "queued": 12,
                     *         "scheduled": 3,
                     *         "retrying": 1,
                     *         "active": 10,
                     *         "completed": 4821,
                     *         "failed": 2,
                     *         "cancelled": 0
                     *       },
                     *       "queued_by_priority": {
                     *         "high": 2,
                     *         "normal": 10,
                     *         "low": 0
                     *       },
                     *       "oldest_waiting_seconds": 1.204,
                     *       "totals": {
                     *         "submitted": 9140,
                     *         "completed": 9112,
                     *         "failed": 2,
                     *         "cancelled": 0,
                     *         "retried": 31,
                     *         "lost": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Queue"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    purgeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The queue's name.
                 * @example default
                 */
                queue: components["parameters"]["QueueName"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PurgeRequest"];
            };
        };
        responses: {
            /** @description How many were deleted, and whether there are more. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "purged": {
                     *         "blocked": 0,
                     *         "queued": 12,
                     *         "scheduled": 3,
                     *         "retrying": 1,
                     *         "completed": 0,
                     *         "failed": 0,
                     *         "cancelled": 0
                     *       },
                     *       "more": false
                     *     }
                     */
                    "application/json": components["schemas"]["Purged"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /**
                 * @description How many jobs a page has at most.
                 * @example 50
                 */
                limit?: components["parameters"]["JobLimit"];
                /**
                 * @description The `next_cursor` of the page before; without it, the first page. A text that this list never gave may be refused.
                 * @example images
                 */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path: {
                /**
                 * @description The queue's name.
                 * @example default
                 */
                queue: components["parameters"]["QueueName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of dead-lettered jobs, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *           "status": "failed",
                     *           "task": "send-welcome-mail",
                     *           "type": "task",
                     *           "queue": "default",
                     *           "priority": "normal",
                     *           "input": {
                     *             "to": "ada@example"
                     *           },
                     *           "attempt": 1,
                     *           "max_attempts": 3,
                     *           "backoff": {
                     *             "type": "exponential",
                     *             "delay_seconds": 5,
                     *             "max_delay_seconds": 3600,
                     *             "jitter": 0.2
                     *           },
                     *           "tags": [],
                     *           "metadata": {},
                     *           "lost": 0,
                     *           "created_at": "2025-01-01T09:30:00.000Z",
                     *           "started_at": "2025-01-01T09:30:00.015Z",
                     *           "completed_at": "2025-01-01T09:30:00.016Z",
                     *           "error": {
                     *             "attempt": 1,
                     *             "at": "2025-01-01T09:30:00.016Z",
                     *             "reason": "invalid_input",
                     *             "message": "/to must be an e-mail address",
                     *             "worker": "worker-1-4711"
                     *           },
                     *           "errors": [
                     *             {
                     *               "attempt": 1,
                     *               "at": "2025-01-01T09:30:00.016Z",
                     *               "reason": "invalid_input",
                     *               "message": "/to must be an e-mail address",
                     *               "worker": "worker-1-4711"
                     *             }
                     *           ],
                     *           "worker": "worker-1-4711"
                     *         }
                     *       ],
                     *       "next_cursor": "1735723800016.AZQLblwfej2cDj9aey1OYQ"
                     *     }
                     */
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    redriveDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The queue's name.
                 * @example default
                 */
                queue: components["parameters"]["QueueName"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RedriveRequest"];
            };
        };
        responses: {
            /** @description How many were queued again, and how many are left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "redriven": 100,
                     *       "remaining": 17,
                     *       "not_found": []
                     *     }
                     */
                    "application/json": components["schemas"]["Redriven"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /**
                 * @description How many items a page has at most.
                 * @example 50
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `next_cursor` of the page before; without it, the first page. A text that this list never gave may be refused.
                 * @example images
                 */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of schedules, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "nightly-report",
                     *           "cron": "0 3 * * *",
                     *           "timezone": "Europe/Berlin",
                     *           "job": {
                     *             "task": "report",
                     *             "queue": "reports",
                     *             "input": {
                     *               "days": 1
                     *             }
                     *           },
                     *           "missed": "one",
                     *           "overlap": "skip",
                     *           "paused": false,
                     *           "next_slot": "2026-01-02T02:00:00.000Z",
                     *           "last_slot": "2026-01-01T02:00:00.000Z",
                     *           "last_job_id": "019b7769-5480-7a3d-9c0e-3f5a7b2d4e61",
                     *           "fired": 41,
                     *           "skipped": 1,
                     *           "last_skip": {
                     *             "slot": "2025-12-24T02:00:00.000Z",
                     *             "reason": "overlap"
                     *           },
                     *           "created_at": "2025-11-20T09:12:04.310Z",
                     *           "updated_at": "2025-11-20T09:12:04.310Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["SchedulePage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule's name.
                 * @example nightly-report
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "nightly-report",
                     *       "cron": "0 3 * * *",
                     *       "timezone": "Europe/Berlin",
                     *       "job": {
                     *         "task": "report",
                     *         "queue": "reports",
                     *         "input": {
                     *           "days": 1
                     *         }
                     *       },
                     *       "missed": "one",
                     *       "overlap": "skip",
                     *       "paused": false,
                     *       "next_slot": "2026-01-02T02:00:00.000Z",
                     *       "next_times": [
                     *         "2026-01-02T02:00:00.000Z",
                     *         "2026-01-03T02:00:00.000Z",
                     *         "2026-01-04T02:00:00.000Z",
                     *         "2026-01-05T02:00:00.000Z",
                     *         "2026-01-06T02:00:00.000Z"
                     *       ],
                     *       "last_slot": "2026-01-01T02:00:00.000Z",
                     *       "last_job_id": "019b7769-5480-7a3d-9c0e-3f5a7b2d4e61",
                     *       "fired": 41,
                     *       "skipped": 1,
                     *       "last_skip": {
                     *         "slot": "2025-12-24T02:00:00.000Z",
                     *         "reason": "overlap"
                     *       },
                     *       "created_at": "2025-11-20T09:12:04.310Z",
                     *       "updated_at": "2025-11-20T09:12:04.310Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    putSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule's name.
                 * @example nightly-report
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSchedule"];
            };
        };
        responses: {
            /** @description The schedule, which was there before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "nightly-report",
                     *       "cron": "0 3 * * *",
                     *       "timezone": "Europe/Berlin",
                     *       "job": {
                     *         "task": "report",
                     *         "queue": "reports",
                     *         "input": {
                     *           "days": 1
                     *         }
                     *       },
                     *       "missed": "one",
                     *       "overlap": "skip",
                     *       "paused": false,
                     *       "next_slot": "2026-01-02T02:00:00.000Z",
                     *       "next_times": [
                     *         "2026-01-02T02:00:00.000Z",
                     *         "2026-01-03T02:00:00.000Z",
                     *         "2026-01-04T02:00:00.000Z",
                     *         "2026-01-05T02:00:00.000Z",
                     *         "2026-01-06T02:00:00.000Z"
                     *       ],
                     *       "last_slot": "2026-01-01T02:00:00.000Z",
                     *       "last_job_id": "019b7769-5480-7a3d-9c0e-3f5a7b2d4e61",
                     *       "fired": 41,
                     *       "skipped": 1,
                     *       "last_skip": {
                     *         "slot": "2025-12-24T02:00:00.000Z",
                     *         "reason": "overlap"
                     *       },
                     *       "created_at": "2025-11-20T09:12:04.310Z",
                     *       "updated_at": "2025-11-20T09:12:04.310Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The schedule, which is new. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "nightly-report",
                     *       "cron": "0 3 * * *",
                     *       "timezone": "Europe/Berlin",
                     *       "job": {
                     *         "task": "report",
                     *         "queue": "reports",
                     *         "input": {
                     *           "days": 1
                     *         }
                     *       },
                     *       "missed": "one",
                     *       "overlap": "skip",
                     *       "paused": false,
                     *       "next_slot": "2026-01-02T02:00:00.000Z",
                     *       "next_times": [
                     *         "2026-01-02T02:00:00.000Z",
                     *         "2026-01-03T02:00:00.000Z",
                     *         "2026-01-04T02:00:00.000Z",
                     *         "2026-01-05T02:00:00.000Z",
                     *         "2026-01-06T02:00:00.000Z"
                     *       ],
                     *       "fired": 0,
                     *       "skipped": 0,
                     *       "created_at": "2026-01-01T09:12:04.310Z",
                     *       "updated_at": "2026-01-01T09:12:04.310Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule's name.
                 * @example nightly-report
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    pauseSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule's name.
                 * @example nightly-report
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule, paused; `next_times` are those that it would have if it were resumed now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "nightly-report",
                     *       "cron": "0 3 * * *",
                     *       "timezone": "Europe/Berlin",
                     *       "job": {
                     *         "task": "report",
                     *         "queue": "reports",
                     *         "input": {
                     *           "days": 1
                     *         }
                     *       },
                     *       "missed": "one",
                     *       "overlap": "skip",
                     *       "paused": true,
                     *       "next_times": [
                     *         "2026-01-02T02:00:00.000Z",
                     *         "2026-01-03T02:00:00.000Z",
                     *         "2026-01-04T02:00:00.000Z",
                     *         "2026-01-05T02:00:00.000Z",
                     *         "2026-01-06T02:00:00.000Z"
                     *       ],
                     *       "last_slot": "2026-01-01T02:00:00.000Z",
                     *       "last_job_id": "019b7769-5480-7a3d-9c0e-3f5a7b2d4e61",
                     *       "fired": 41,
                     *       "skipped": 1,
                     *       "last_skip": {
                     *         "slot": "2025-12-24T02:00:00.000Z",
                     *         "reason": "overlap"
                     *       },
                     *       "created_at": "2025-11-20T09:12:04.310Z",
                     *       "updated_at": "2025-11-20T09:12:04.310Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    resumeSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule's name.
                 * @example nightly-report
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule, which goes on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "nightly-report",
                     *       "cron": "0 3 * * *",
                     *       "timezone": "Europe/Berlin",
                     *       "job": {
                     *         "task": "report",
                     *         "queue": "reports",
                     *         "input": {
                     *           "days": 1
                     *         }
                     *       },
                     *       "missed": "one",
                     *       "overlap": "skip",
                     *       "paused": false,
                     *       "next_slot": "2026-01-02T02:00:00.000Z",
                     *       "next_times": [
                     *         "2026-01-02T02:00:00.000Z",
                     *         "2026-01-03T02:00:00.000Z",
                     *         "2026-01-04T02:00:00.000Z",
                     *         "2026-01-05T02:00:00.000Z",
                     *         "2026-01-06T02:00:00.000Z"
                     *       ],
                     *       "last_slot": "2026-01-01T02:00:00.000Z",
                     *       "last_job_id": "019b7769-5480-7a3d-9c0e-3f5a7b2d4e61",
                     *       "fired": 41,
                     *       "skipped": 1,
                     *       "last_skip": {
                     *         "slot": "2025-12-24T02:00:00.000Z",
                     *         "reason": "overlap"
                     *       },
                     *       "created_at": "2025-11-20T09:12:04.310Z",
                     *       "updated_at": "2025-11-20T09:12:04.310Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule's name.
                 * @example nightly-report
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Another job has the unique key of the template; nothing was kept. */
            200: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "status": "queued",
                     *       "task": "report",
                     *       "type": "task",
                     *       "queue": "reports",
                     *       "priority": "normal",
                     *       "input": {
                     *         "days": 1
                     *       },
                     *       "attempt": 0,
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "type": "exponential",
                     *         "delay_seconds": 5,
                     *         "max_delay_seconds": 3600,
                     *         "jitter": 0.2
                     *       },
                     *       "schedule": {
                     *         "name": "nightly-report"
                     *       },
                     *       "tags": [],
                     *       "metadata": {},
                     *       "lost": 0,
                     *       "created_at": "2026-01-01T09:30:00.000Z",
                     *       "errors": []
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The job. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "status": "queued",
                     *       "task": "report",
                     *       "type": "task",
                     *       "queue": "reports",
                     *       "priority": "normal",
                     *       "input": {
                     *         "days": 1
                     *       },
                     *       "attempt": 0,
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "type": "exponential",
                     *         "delay_seconds": 5,
                     *         "max_delay_seconds": 3600,
                     *         "jitter": 0.2
                     *       },
                     *       "schedule": {
                     *         "name": "nightly-report"
                     *       },
                     *       "tags": [],
                     *       "metadata": {},
                     *       "lost": 0,
                     *       "created_at": "2026-01-01T09:30:00.000Z",
                     *       "errors": []
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["UniqueKeyTaken"];
            429: components["responses"]["QueueFull"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /**
                 * @description How many items a page has at most.
                 * @example 50
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `next_cursor` of the page before; without it, the first page. A text that this list never gave may be refused.
                 * @example images
                 */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of webhooks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *           "url": "https://example.com/hooks/bellhop",
                     *           "queues": [
                     *             "images"
                     *           ],
                     *           "events": [
                     *             "completed",
                     *             "failed",
                     *             "cancelled"
                     *           ],
                     *           "enabled": true,
                     *           "created_at": "2025-01-01T09:00:00.000Z",
                     *           "updated_at": "2025-01-01T09:00:00.000Z",
                     *           "endpoint": {
                     *             "failures": 0,
                     *             "last_status": 204,
                     *             "last_at": "2025-01-01T09:30:00.250Z"
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookPage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description The webhook, with its secret. */
            201: {
                headers: {
                    Location: components["headers"]["WebhookLocation"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "url": "https://example.com/hooks/bellhop",
                     *       "queues": [],
                     *       "events": [
                     *         "completed",
                     *         "failed",
                     *         "cancelled"
                     *       ],
                     *       "enabled": true,
                     *       "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                     *       "created_at": "2025-01-01T09:00:00.000Z",
                     *       "updated_at": "2025-01-01T09:00:00.000Z",
                     *       "endpoint": {
                     *         "failures": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "url": "https://example.com/hooks/bellhop",
                     *       "queues": [],
                     *       "events": [
                     *         "completed",
                     *         "failed",
                     *         "cancelled"
                     *       ],
                     *       "enabled": false,
                     *       "disabled": {
                     *         "at": "2025-01-04T09:30:00.250Z",
                     *         "reason": "failing"
                     *       },
                     *       "created_at": "2025-01-01T09:00:00.000Z",
                     *       "updated_at": "2025-01-04T09:30:00.250Z",
                     *       "endpoint": {
                     *         "failures": 81,
                     *         "failing_since": "2025-01-01T09:30:00.250Z",
                     *         "last_status": 500,
                     *         "last_error": "The endpoint answered 500 after 12 ms.",
                     *         "last_at": "2025-01-04T09:30:00.250Z",
                     *         "slowed_until": "2025-01-04T10:30:00.250Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            /** @description The webhook as it then is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "url": "https://example.com/hooks/bellhop",
                     *       "queues": [],
                     *       "events": [
                     *         "completed",
                     *         "failed",
                     *         "cancelled"
                     *       ],
                     *       "enabled": true,
                     *       "created_at": "2025-01-01T09:00:00.000Z",
                     *       "updated_at": "2025-01-04T09:30:00.250Z",
                     *       "endpoint": {
                     *         "failures": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    rotateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
                 *     }
                 */
                "application/json": components["schemas"]["WebhookRotation"];
            };
        };
        responses: {
            /** @description The webhook, with its new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                     *       "url": "https://example.com/hooks/bellhop",
                     *       "queues": [],
                     *       "events": [
                     *         "completed",
                     *         "failed",
                     *         "cancelled"
                     *       ],
                     *       "enabled": true,
                     *       "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                     *       "old_secret_until": "2025-01-05T09:00:00.000Z",
                     *       "created_at": "2025-01-01T09:00:00.000Z",
                     *       "updated_at": "2025-01-04T09:00:00.000Z",
                     *       "endpoint": {
                     *         "failures": 0,
                     *         "last_status": 204,
                     *         "last_at": "2025-01-03T09:30:00.250Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery is on its way. */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listWorkers: {
        parameters: {
            query?: {
                /**
                 * @description How many items a page has at most.
                 * @example 50
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `next_cursor` of the page before; without it, the first page. A text that this list never gave may be refused.
                 * @example images
                 */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of workers, by id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "py-7f3a",
                     *           "remote": true,
                     *           "state": "quiet",
                     *           "language": "python",
                     *           "version": "3.13",
                     *           "queues": [
                     *             "images"
                     *           ],
                     *           "running": 0,
                     *           "jobs": [],
                     *           "started_at": "2025-01-01T09:20:00.000Z",
                     *           "last_seen_at": "2025-01-01T09:29:58.125Z"
                     *         },
                     *         {
                     *           "id": "w_0c1d2e3f4a5b",
                     *           "remote": false,
                     *           "state": "run",
                     *           "host": "worker-1",
                     *           "pid": 4711,
                     *           "queues": [
                     *             "default",
                     *             "images"
                     *           ],
                     *           "concurrency": 10,
                     *           "running": 1,
                     *           "jobs": [
                     *             "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61"
                     *           ],
                     *           "started_at": "2025-01-01T09:00:00.000Z",
                     *           "last_seen_at": "2025-01-01T09:30:00.250Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WorkerPage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    quietWorker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a worker, as `GET /workers` has it.
                 * @example w_0c1d2e3f4a5b
                 */
                id: components["parameters"]["WorkerId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has been told. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "w_0c1d2e3f4a5b",
                     *       "state": "quiet"
                     *     }
                     */
                    "application/json": components["schemas"]["WorkerOrder"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    stopWorker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a worker, as `GET /workers` has it.
                 * @example w_0c1d2e3f4a5b
                 */
                id: components["parameters"]["WorkerId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has been told. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "w_0c1d2e3f4a5b",
                     *       "state": "stop"
                     *     }
                     */
                    "application/json": components["schemas"]["WorkerOrder"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It works. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "checks": {
                     *         "redis": {
                     *           "status": "ok"
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            500: components["responses"]["Internal"];
            503: components["responses"]["Unhealthy"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in order, or works with a warning. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "degraded",
                     *       "checks": {
                     *         "redis": {
                     *           "status": "ok"
                     *         },
                     *         "scripts": {
                     *           "status": "ok"
                     *         },
                     *         "eviction": {
                     *           "status": "ok"
                     *         },
                     *         "persistence": {
                     *           "status": "warn",
                     *           "message": "Persistence is off: a restart of Redis loses all jobs. Set appendonly yes."
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            500: components["responses"]["Internal"];
            503: components["responses"]["Unhealthy"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # HELP jobs_submitted_total Jobs that were submitted.
                     *     # TYPE jobs_submitted_total counter
                     *     jobs_submitted_total{queue="default"} 1
                     */
                    "text/plain": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    runJob: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The job's id. The same in each attempt, so that the receiver can tell.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                "webhook-id": components["parameters"]["PushedId"];
                /**
                 * @description When it was sent, in seconds since 1970.
                 * @example 1735723802
                 */
                "webhook-timestamp": components["parameters"]["DeliveryTimestamp"];
                /**
                 * @description Signatures of `<webhook-id>.<webhook-timestamp>.<body>` with HMAC-SHA256, each `v1,` and base64, with a space between them; more than one while a secret is rotated.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature"?: components["parameters"]["DeliverySignature"];
                /**
                 * @description The job's id.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61
                 */
                "bellhop-job-id": components["parameters"]["PushedJobId"];
                /**
                 * @description Which attempt this is, 1 for the first.
                 * @example 1
                 */
                "bellhop-attempt": components["parameters"]["PushedAttempt"];
                /**
                 * @description When an answer, or after 202 what becomes of the job, is no longer waited for.
                 * @example 2025-01-01T09:31:00.000Z
                 */
                "bellhop-deadline": components["parameters"]["PushedDeadline"];
                /**
                 * @description Names this attempt, for who answers 202 and settles it later.
                 * @example n-.1.0.1735723800004.q1Zr0c2uXJbK:images:w_1a2b3c4d5e6f:30000::Kq0v1y3ZrB2hV5mT8eWd
                 */
                "bellhop-lease-token": components["parameters"]["PushedLeaseToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "job.run",
                 *       "timestamp": "2025-01-01T09:30:00.000Z",
                 *       "data": {
                 *         "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                 *         "task": "resize",
                 *         "queue": "images",
                 *         "priority": "normal",
                 *         "attempt": 1,
                 *         "max_attempts": 3,
                 *         "deadline": "2025-01-01T09:31:00.000Z",
                 *         "tags": [],
                 *         "metadata": {},
                 *         "lost": 0,
                 *         "created_at": "2025-01-01T09:30:00.000Z",
                 *         "input": {
                 *           "width": 320
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["JobToRun"];
            };
        };
        responses: {
            /** @description The job is completed, with this for its result. So does every other status from 200 to 299 say but 202. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver settles the job later, with its lease token. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The job has failed for good. So does every other status from 400 to 499 say but 408, 425 and 429. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The attempt has failed. So do 408, 425, 429 and every other status from 500 to 599 say. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    tellJobEvent: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The id of the delivery, which is also that of its job. The same whenever it is tried again, so that the receiver can tell.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e62
                 */
                "webhook-id": components["parameters"]["DeliveryId"];
                /**
                 * @description When it was sent, in seconds since 1970.
                 * @example 1735723802
                 */
                "webhook-timestamp": components["parameters"]["DeliveryTimestamp"];
                /**
                 * @description Signatures of `<webhook-id>.<webhook-timestamp>.<body>` with HMAC-SHA256, each `v1,` and base64, with a space between them; more than one while a secret is rotated.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature"?: components["parameters"]["DeliverySignature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "job.completed",
                 *       "timestamp": "2025-01-01T09:30:02.000Z",
                 *       "data": {
                 *         "id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61",
                 *         "status": "completed",
                 *         "task": "resize",
                 *         "type": "task",
                 *         "queue": "images",
                 *         "priority": "normal",
                 *         "attempt": 1,
                 *         "max_attempts": 3,
                 *         "backoff": {
                 *           "type": "exponential",
                 *           "delay_seconds": 5,
                 *           "max_delay_seconds": 3600,
                 *           "jitter": 0.2
                 *         },
                 *         "tags": [],
                 *         "metadata": {},
                 *         "lost": 0,
                 *         "created_at": "2025-01-01T09:30:00.000Z",
                 *         "started_at": "2025-01-01T09:30:00.000Z",
                 *         "completed_at": "2025-01-01T09:30:02.000Z",
                 *         "result": {
                 *           "files": 2
                 *         },
                 *         "errors": [],
                 *         "worker": "w_1a2b3c4d5e6f"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["JobMessage"];
            };
        };
        responses: {
            /** @description It has been taken. So does every other status from 200 to 299 say. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is not to be posted again; a webhook is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    tellTest: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The id of the delivery, which is also that of its job. The same whenever it is tried again, so that the receiver can tell.
                 * @example 01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e62
                 */
                "webhook-id": components["parameters"]["DeliveryId"];
                /**
                 * @description When it was sent, in seconds since 1970.
                 * @example 1735723802
                 */
                "webhook-timestamp": components["parameters"]["DeliveryTimestamp"];
                /**
                 * @description Signatures of `<webhook-id>.<webhook-timestamp>.<body>` with HMAC-SHA256, each `v1,` and base64, with a space between them; more than one while a secret is rotated.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature"?: components["parameters"]["DeliverySignature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "webhook.test",
                 *       "timestamp": "2025-01-01T09:30:02.000Z",
                 *       "data": {
                 *         "webhook_id": "01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TestMessage"];
            };
        };
        responses: {
            /** @description It has been taken. So does every other status from 200 to 299 say. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is not to be posted again; a webhook is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
