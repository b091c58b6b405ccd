// The same workloads in Go: main WORKLOAD N WARM GROW PER MS WALL. Prints one line of JSON, as child.mjs does.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"time"
)

var workloads = map[string]func(n int) int{
	"ping-pong":          pingPong,
	"stream":             func(n int) int { return stream(0, n) },
	"buffered-recv":      func(n int) int { return stream(100, n) },
	"buffered-range":     func(n int) int { return streamRange(100, n) },
	"buffered-many":      func(n int) int { return streamRange(100, n) }, // Go has no receive of many
	"buffered-many-send": func(n int) int { return streamRange(100, n) },
	"ring":               ring,
	"sieve":              sieve,
	"select-2":           select2,
	"select-8":           select8,
	"select-park":        selectPark,
	"select-default":     selectDefault,
	"try":                try,
	"spawn":              spawn,
	"parked":             parked,
	"after":              after,

	// std.go
	"context":        contextAlone,
	"with-cancel":    withCancel,
	"with-timeout":   withTimeout,
	"cancel-tree":    cancelTree,
	"mutex":          mutex,
	"mutex-ten":      mutexTen,
	"rwmutex-read":   rwmutexRead,
	"semaphore":      semaphore,
	"semaphore-all":  semaphoreAll,
	"errgroup":       errgroup,
	"pipeline":       pipeline,
	"pipeline-async": pipeline, // a function that takes its time is a function
	"pool-submit":    poolSubmit,
	"pool-feed":      poolFeed,

	// parallel.go
	"tasks":             tasks,
	"tasks-loop":        tasksLoop,
	"chan-int":          func(n int) int { return stream(100, n) },
	"chan-object":       pages,
	"chan-unbuffered":   func(n int) int { return stream(0, n) },
	"chan-sync":         streamBetween,
	"ping-pong-threads": pingPong,
	"ping-pong-asleep":  pingPongAsleep,
	"cancel-crossing":   cancelCrossing,
	"primes":            primes,
	"idle":              idleSecond,
	"busy-chan-int":     func(n int) int { return stream(100, n) },
	"busy-ping-pong":    pingPong,
}

// What a workload spends on measuring something else, and what it measured.
var (
	stopped time.Duration
	idle    time.Duration // processor time while the clock was stopped
	heap    float64
	instead time.Duration // how long it took, if the workload says so itself
)

func main() {
	name := os.Args[1]
	size, warm, grow, per, ms := number(2), number(3), number(4), number(5), number(6)
	wall := number(7) == 1
	run := workloads[name]
	budget := time.Duration(ms) * time.Millisecond

	// How long n operations took, and which part of that time this program had a processor.
	once := func(n int) repetition {
		stopped, idle, instead = 0, 0, 0
		cpu := processor()
		begin := time.Now()
		got := run(n)
		took := time.Since(begin) - stopped
		if want := expected(name, n); got != want {
			fmt.Fprintf(os.Stderr, "go %s(%d): expected %d, got %d\n", name, n, want, got)
			os.Exit(1)
		}
		spent := took
		if instead > 0 {
			took = instead
		}
		if wall {
			return repetition{took, spent, 1}
		}
		return repetition{took, spent, math.Min(float64(processor()-cpu-idle)/float64(took), 1)}
	}

	n := warm
	for begin := time.Now(); time.Since(begin) < budget/2; {
		if r := once(n); grow == 1 && r.took < budget/40 {
			n *= 2
		}
	}
	if grow == 0 {
		n = size
	}
	operations := n
	if per > 0 {
		operations = per
	}

	var all, own []repetition
	for left, patience := budget, budget*4; left > 0 && patience > 0 && len(own) < 60; {
		r := once(n)
		patience -= r.spent
		all = append(all, r)
		if r.share >= 0.9 {
			left -= r.spent
			own = append(own, r)
		}
	}
	shared := len(own) < 3 && len(own) < len(all)
	if shared {
		sort.Slice(all, func(i, k int) bool { return all[i].share > all[k].share })
		own = all
		if len(own) > 3 {
			own = own[:3]
		}
	}
	samples := []float64{}
	for _, r := range own {
		ns := float64(r.took.Nanoseconds())
		if shared {
			ns *= r.share
		}
		samples = append(samples, ns/float64(operations))
	}
	out := map[string]interface{}{"n": n, "samples": samples, "shared": shared}
	if heap > 0 {
		out["heap"] = heap
	}
	_ = json.NewEncoder(os.Stdout).Encode(out)
}

type repetition struct {
	took  time.Duration
	spent time.Duration // of the time for all repetitions
	share float64
}

func processor() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func number(i int) int {
	n, err := strconv.Atoi(os.Args[i])
	if err != nil {
		panic(err)
	}
	return n
}

func expected(name string, n int) int {
	switch name {
	case "ring", "cancel-tree", "mutex-ten", "rwmutex-read":
		return n
	case "sieve":
		return 7919
	case "primes":
		return 63951
	case "idle":
		return 3
	}
	return n * (n - 1) / 2
}

func pingPong(n int) int {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			pong <- <-ping
		}
	}()
	sum := 0
	for i := 0; i < n; i++ {
		ping <- i
		sum += <-pong
	}
	return sum
}

func send(ch chan<- int, n int) {
	for i := 0; i < n; i++ {
		ch <- i
	}
	close(ch)
}

func stream(capacity, n int) int {
	ch := make(chan int, capacity)
	go send(ch, n)
	sum := 0
	for i := 0; i < n; i++ {
		sum += <-ch
	}
	return sum
}

func streamRange(capacity, n int) int {
	ch := make(chan int, capacity)
	go send(ch, n)
	sum := 0
	for v := range ch {
		sum += v
	}
	return sum
}

func ring(n int) int {
	const size = 1000
	hop := func(from <-chan int, to chan<- int, laps int) {
		for i := 0; i < laps; i++ {
			to <- <-from + 1
		}
	}
	first := make(chan int)
	from := first
	for i := 1; i < size; i++ {
		to := make(chan int)
		go hop(from, to, n/size)
		from = to
	}
	token := 0
	for i := 0; i < n/size; i++ {
		first <- token
		token = <-from + 1
	}
	return token
}

func sieve(n int) int {
	const last = 7919
	filter := func(from <-chan int, to chan<- int, prime int) {
		for {
			i := <-from
			if i%prime != 0 || i == 0 {
				to <- i
			}
			if i == 0 {
				return
			}
		}
	}
	numbers := make(chan int)
	go func() {
		for i := 2; i <= last; i++ {
			numbers <- i
		}
		numbers <- 0
	}()
	from := numbers
	prime := 0
	for i := 0; i < n; i++ {
		prime = <-from
		to := make(chan int)
		go filter(from, to, prime)
		from = to
	}
	if <-from != 0 {
		return 0
	}
	return prime
}

func stride(ch chan<- int, from, step, n int) {
	for i := from; i < n; i += step {
		ch <- i
	}
}

func select2(n int) int {
	a, b := make(chan int), make(chan int)
	go stride(a, 0, 2, n)
	go stride(b, 1, 2, n)
	sum := 0
	for i := 0; i < n; i++ {
		select {
		case v := <-a:
			sum += v
		case v := <-b:
			sum += v
		}
	}
	return sum
}

func select8(n int) int {
	var ch [8]chan int
	for k := range ch {
		ch[k] = make(chan int)
		go stride(ch[k], k, 8, n)
	}
	a, b, c, d, e, f, g, h := ch[0], ch[1], ch[2], ch[3], ch[4], ch[5], ch[6], ch[7]
	sum := 0
	for i := 0; i < n; i++ {
		select {
		case v := <-a:
			sum += v
		case v := <-b:
			sum += v
		case v := <-c:
			sum += v
		case v := <-d:
			sum += v
		case v := <-e:
			sum += v
		case v := <-f:
			sum += v
		case v := <-g:
			sum += v
		case v := <-h:
			sum += v
		}
	}
	return sum
}

func selectPark(n int) int {
	a, b := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			if i%2 == 0 {
				a <- i
			} else {
				b <- i
			}
		}
	}()
	sum := 0
	for i := 0; i < n; i++ {
		select {
		case v := <-a:
			sum += v
		case v := <-b:
			sum += v
		}
	}
	return sum
}

func selectDefault(n int) int {
	a, b := make(chan int, 1), make(chan int, 1)
	sum := 0
	for i := 0; i < n; i++ {
		select {
		case v := <-a:
			sum += v
		case v := <-b:
			sum += v
		default:
			if i%4 == 0 {
				a <- i + i + 1
			} else {
				b <- i + i + 1
			}
		}
	}
	return sum
}

func try(n int) int {
	ch := make(chan int, 1)
	sum := 0
	for i := 0; i < n; i++ {
		select {
		case <-ch:
		default:
			select {
			case ch <- i:
			default:
			}
		}
		select {
		case v := <-ch:
			sum += v
		default:
		}
	}
	return sum
}

func spawn(n int) int {
	sum := 0
	for i := 0; i < n; {
		var wg sync.WaitGroup
		for end := i + 1000; i < end; i++ {
			k := i
			wg.Add(1)
			go func() {
				sum += k
				wg.Done()
			}()
		}
		wg.Wait()
	}
	return sum
}

// Calls f, and does not count its time.
func off(f func()) {
	begin, cpu := time.Now(), processor()
	f()
	idle += processor() - cpu
	stopped += time.Since(begin)
}

func memory() float64 {
	var m runtime.MemStats
	off(func() {
		runtime.GC()
		runtime.ReadMemStats(&m)
	})
	return float64(m.HeapInuse + m.StackInuse)
}

func parked(n int) int {
	before := memory()
	channels := make([]chan int, n/1000)
	ready, woken, sum := 0, 0, 0
	for k := range channels {
		ch := make(chan int)
		channels[k] = ch
		for i := 0; i < 1000; i++ {
			go func() {
				ready++
				sum += <-ch
				woken++
			}()
		}
	}
	for ready < n {
		runtime.Gosched()
	}
	heap = (memory() - before) / float64(n)
	i := 0
	for _, ch := range channels {
		for k := 0; k < 1000; k++ {
			ch <- i
			i++
		}
	}
	for woken < n {
		runtime.Gosched()
	}
	return sum
}

func after(n int) int {
	ch := make(chan int)
	go send(ch, n)
	sum := 0
	for i := 0; i < n; i++ {
		select {
		case v := <-ch:
			sum += v
		case <-time.After(time.Second):
		}
	}
	return sum
}
