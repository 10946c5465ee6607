// A Bellhop worker with nothing but the standard library. It runs one job at a time; put your own tasks into tasks.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// Job is what the tasks need of a LeasedJob.
type Job struct {
	ID             string          `json:"id"`
	Task           string          `json:"task"`
	Input          json.RawMessage `json:"input"`
	Attempt        int             `json:"attempt"`
	TimeoutSeconds int             `json:"timeout_seconds"`
	LeaseToken     string          `json:"lease_token"`
}

// JobError fails a job, as any error does; Retry and RetryAfterSeconds are those of POST /jobs/{id}/fail.
type JobError struct {
	Message, Reason   string
	Retry             *bool
	RetryAfterSeconds *float64
}

func (e *JobError) Error() string { return e.Message }

// A Task returns the result of a job. What takes long looks at the context: it is over when nobody waits for the result any more.
type Task func(ctx context.Context, job Job) (any, error)

var tasks = map[string]Task{"echo": echo, "fail": fail, "flaky": flaky, "sleep": sleep}

func echo(_ context.Context, job Job) (any, error) { return job.Input, nil }

func fail(_ context.Context, job Job) (any, error) {
	var input struct {
		Message           string   `json:"message"`
		Retry             *bool    `json:"retry"`
		RetryAfterSeconds *float64 `json:"retry_after_seconds"`
	}
	if err := json.Unmarshal(job.Input, &input); err != nil {
		return nil, err
	}
	return nil, &JobError{Message: input.Message, Retry: input.Retry, RetryAfterSeconds: input.RetryAfterSeconds}
}

func flaky(_ context.Context, job Job) (any, error) {
	var input struct{ Failures int }
	if err := json.Unmarshal(job.Input, &input); err != nil {
		return nil, err
	}
	if job.Attempt <= input.Failures {
		return nil, errors.New("not yet")
	}
	return map[string]int{"attempt": job.Attempt}, nil
}

func sleep(ctx context.Context, job Job) (any, error) {
	var input struct{ Seconds *float64 }
	if err := json.Unmarshal(job.Input, &input); err != nil {
		return nil, err
	}
	if input.Seconds == nil {
		return nil, errors.New("seconds must be a number")
	}
	select {
	case <-time.After(time.Duration(*input.Seconds * float64(time.Second))):
		return map[string]float64{"slept": *input.Seconds}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Worker talks to one API.
type Worker struct {
	url, key, queue string
	lease, grace    time.Duration
	about           map[string]any
	// Over when the worker is to take no more jobs.
	running context.Context
	stop    context.CancelFunc
}

var errGone = errors.New("the job is no longer ours")

// post asks until there is an answer, as late as Retry-After says.
func (w *Worker) post(ctx context.Context, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	for {
		wait := time.Second
		request, err := http.NewRequestWithContext(ctx, "POST", w.url+path, bytes.NewReader(text))
		if err != nil {
			return err
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+w.key)
		if response, err := client.Do(request); err == nil {
			said, err := io.ReadAll(response.Body)
			response.Body.Close()
			status := response.StatusCode
			switch {
			case err == nil && status < 300:
				return json.Unmarshal(said, answer)
			case status == 404 || status == 409:
				return errGone
			case status >= 400 && status < 500 && status != 408 && status != 429:
				log.Fatalf("%s: %d %s", path, status, said)
			}
			if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
				wait = time.Duration(seconds) * time.Second
			}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Longer than the long polls.
var client = &http.Client{Timeout: 40 * time.Second}

type settlement struct {
	action string
	body   map[string]any
}

func run(ctx context.Context, job Job) settlement {
	task, found := tasks[job.Task]
	if !found {
		never := false
		return failed(&JobError{Message: "no such task: " + job.Task, Reason: "no_handler", Retry: &never})
	}
	result, err := task(ctx, job)
	if err != nil {
		return failed(err)
	}
	return settlement{"complete", map[string]any{"result": result}}
}

func failed(err error) settlement {
	said := map[string]any{"message": err.Error(), "type": fmt.Sprintf("%T", err)}
	body := map[string]any{"error": said}
	var job *JobError
	if errors.As(err, &job) {
		if job.Reason != "" {
			said["reason"] = job.Reason
		}
		if job.Retry != nil {
			body["retry"] = *job.Retry
		}
		if job.RetryAfterSeconds != nil {
			body["retry_after_seconds"] = *job.RetryAfterSeconds
		}
	}
	return settlement{"fail", body}
}

// work runs a job, renews its lease meanwhile, and says what became of it.
func (w *Worker) work(job Job) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan settlement, 1)
	go func() { ended <- run(ctx, job) }()
	beat := time.NewTicker(w.lease / 3)
	defer beat.Stop()
	var late, graceOver <-chan time.Time
	if job.TimeoutSeconds > 0 {
		late = time.After(time.Duration(job.TimeoutSeconds) * time.Second)
	}
	stopping := w.running.Done()
	for {
		var said settlement
		select {
		case said = <-ended:
		case <-late:
			said = failed(&JobError{Message: "it took too long", Reason: "timed_out"})
		case <-stopping:
			stopping, graceOver = nil, time.After(w.grace)
			continue
		case <-graceOver:
			said = settlement{"release", map[string]any{}}
		case <-beat.C:
			var answer struct {
				WorkerState string `json:"worker_state"`
			}
			if err := w.post(ctx, "/jobs/"+job.ID+"/heartbeat", map[string]any{"lease_token": job.LeaseToken}, &answer); err != nil {
				return // cancelled, or lost: nobody wants to hear of it any more
			}
			if answer.WorkerState != "run" {
				w.stop()
			}
			continue
		}
		said.body["lease_token"] = job.LeaseToken
		if err := w.post(context.Background(), "/jobs/"+job.ID+"/"+said.action, said.body, &struct{}{}); err != nil {
			log.Printf("job %s: %v", job.ID, err)
		}
		return
	}
}

// poll takes jobs and does them until the worker is to stop. The API takes back what a poll that is given up has not delivered.
func (w *Worker) poll() {
	for w.running.Err() == nil {
		var answer struct {
			Jobs        []Job  `json:"jobs"`
			WorkerState string `json:"worker_state"`
		}
		body := map[string]any{"worker": w.about, "queues": []string{w.queue}, "max": 1, "wait_seconds": 20, "lease_seconds": w.lease.Seconds()}
		if err := w.post(w.running, "/leases", body, &answer); errors.Is(err, errGone) {
			log.Fatalf("%s is not where Bellhop is: /leases is not there", w.url)
		} else if err != nil {
			return
		}
		if answer.WorkerState != "run" {
			w.stop()
		}
		for _, job := range answer.Jobs {
			w.work(job)
		}
	}
}

func env(name, or string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return or
}

func seconds(name string) time.Duration {
	number, err := strconv.Atoi(env(name, "30"))
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	return time.Duration(number) * time.Second
}

func main() {
	random := make([]byte, 8)
	if _, err := rand.Read(random); err != nil {
		log.Fatal(err)
	}
	host, _ := os.Hostname()
	w := &Worker{
		url:   env("BELLHOP_URL", "http://localhost:3000"),
		key:   os.Getenv("BELLHOP_API_KEY"),
		queue: env("BELLHOP_QUEUE", "default"),
		lease: seconds("BELLHOP_LEASE_SECONDS"),
		grace: seconds("BELLHOP_GRACE_SECONDS"),
		about: map[string]any{"id": fmt.Sprintf("go-%x", random), "language": "go", "version": runtime.Version(), "host": host, "pid": os.Getpid()},
	}
	w.running, w.stop = signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer w.stop()
	w.poll()
}
