"""A Bellhop worker with nothing but the standard library. It runs one job at a time; put your own tasks into TASKS."""
import json, os, platform, signal, socket, sys, threading, time, urllib.error, urllib.request, uuid
URL, QUEUES = os.environ.get("BELLHOP_URL", "http://localhost:3000"), [os.environ.get("BELLHOP_QUEUE", "default")]
LEASE, GRACE = (int(os.environ.get(f"BELLHOP_{name}_SECONDS", 30)) for name in ("LEASE", "GRACE"))
HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ.get("BELLHOP_API_KEY", "")}
WORKER = {"id": f"py-{uuid.uuid4()}", "language": "python", "version": platform.python_version(), "host": socket.gethostname(), "pid": os.getpid()}

class JobError(Exception):
    """Fails a job, as any exception does; `more` goes to POST /jobs/{id}/fail, such as retry=False."""
    def __init__(self, message, reason="failed", **more):
        super().__init__(message)
        self.reason, self.more = reason, more

def fail(given, job, stop):
    raise JobError(given["message"], **{key: given[key] for key in ("retry", "retry_after_seconds") if key in given})

def flaky(given, job, stop):
    if job["attempt"] <= given["failures"]: raise JobError("not yet")
    return {"attempt": job["attempt"]}

def sleep(given, job, stop):  # what takes long looks at the event `stop` from time to time
    stop.wait(given["seconds"] + 0.0)
    return {"slept": given["seconds"]}

TASKS = {"echo": lambda given, job, stop: given, "fail": fail, "flaky": flaky, "sleep": sleep}
stopping, idle = threading.Event(), threading.Event()

def post(path, timeout=15, **body):
    """Asks until there is an answer, as late as Retry-After says. None is a 404 or 409: the job is no longer ours."""
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(URL + path, json.dumps(body).encode(), HEADERS), timeout=timeout) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code in (404, 409): return None
            if error.code < 500 and error.code not in (408, 429): sys.exit(f"{path}: {error.code} {error.read().decode()}")
            time.sleep(float(error.headers.get("Retry-After", 1)))
        except OSError: time.sleep(1)  # no connection, or no answer

def run(job, stop, outcome):
    try:
        if job["task"] not in TASKS: raise JobError(f"no such task: {job['task']}", "no_handler", retry=False)
        if len(json.dumps(result := TASKS[job["task"]](job["input"], job, stop), allow_nan=False)) > 2 ** 20: raise JobError("too large a result", retry=False)
        outcome += [("complete", {"result": result})]
    except Exception as error:  # others may have a `reason` that is theirs
        own = error if isinstance(error, JobError) else JobError(str(error))
        outcome += [("fail", {"error": {"message": str(error)[:2000], "type": type(error).__name__, "reason": own.reason}, **own.more})]

def work(job):
    """Runs a job in a thread, renews its lease meanwhile, and says what became of it."""
    lease, path, stop, outcome = {"lease_token": job["lease_token"]}, f"/jobs/{job['id']}/", threading.Event(), []
    (thread := threading.Thread(target=run, args=(job, stop, outcome), daemon=True)).start()
    deadline, beat, release = time.monotonic() + job.get("timeout_seconds", 1e9), time.monotonic() + LEASE / 3, 1e18
    while not outcome:
        thread.join(0.05)
        now = time.monotonic()
        if stopping.is_set(): release = min(release, now + GRACE)
        if outcome: pass
        elif now > deadline: outcome = [("fail", {"error": {"message": "it took too long", "reason": "timed_out"}})]
        elif now > release: outcome = [("release", {})]
        elif now > beat:
            beat, answer = now + LEASE / 3, post(path + "heartbeat", **lease)
            if answer is None: outcome = [(None, {})]  # cancelled, or lost: nobody wants to hear of it any more
            elif answer["worker_state"] != "run": stopping.set()
    stop.set()
    if outcome[0][0]: post(path + outcome[0][0], **lease, **outcome[0][1])

def terminate(*_):
    stopping.set()
    if idle.is_set(): signal.alarm(1)  # an answer may be on its way; what it has not delivered by then the API takes back

signal.signal(signal.SIGALRM, lambda *_: idle.is_set() and sys.exit())
for name in (signal.SIGTERM, signal.SIGINT): signal.signal(name, terminate)
while idle.set() or not stopping.is_set():  # idle first: a signal in between must find it so
    answer = post("/leases", timeout=40, worker=WORKER, queues=QUEUES, max=1, wait_seconds=20, lease_seconds=LEASE) or sys.exit(f"{URL} is not where Bellhop is: /leases is not there")
    idle.clear()
    if answer["worker_state"] != "run": stopping.set()
    for job in answer["jobs"]: work(job)
