// The workloads of the group std. What is not in Go's own library (semaphore, errgroup) is a channel with room for ten.
package main

import (
	"context"
	"runtime"
	"sync"
	"time"
)

func contextAlone(n int) int {
	sum := 0
	for i := 0; i < n; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if ctx.Err() == context.Canceled {
			sum += i
		}
	}
	return sum
}

func withCancel(n int) int {
	root, end := context.WithCancel(context.Background())
	defer end()
	sum := 0
	for i := 0; i < n; i++ {
		ctx, cancel := context.WithCancel(root)
		cancel()
		if ctx.Err() == context.Canceled {
			sum += i
		}
	}
	return sum
}

func withTimeout(n int) int {
	root, end := context.WithCancel(context.Background())
	defer end()
	sum := 0
	for i := 0; i < n; i++ {
		ctx, cancel := context.WithTimeout(root, time.Minute)
		cancel()
		if ctx.Err() == context.Canceled {
			sum += i
		}
	}
	return sum
}

func cancelTree(n int) int {
	var end context.CancelFunc
	all := make([]context.Context, 0, n)
	off(func() {
		var root context.Context
		root, end = context.WithCancel(context.Background())
		for len(all) < n {
			branch, stop := context.WithCancel(root)
			_ = stop // it ends with the root
			all = append(all, branch)
			for i := 1; i < 100; i++ {
				leaf, stop := context.WithCancel(branch)
				_ = stop
				all = append(all, leaf)
			}
		}
	})
	end()
	count := 0
	off(func() {
		for _, ctx := range all {
			if ctx.Err() == context.Canceled {
				count++
			}
		}
	})
	return count
}

func mutex(n int) int {
	var mu sync.Mutex
	sum := 0
	for i := 0; i < n; i++ {
		mu.Lock()
		sum += i
		mu.Unlock()
	}
	return sum
}

// Runs f(i) n times, in ten goroutines.
func ten(n int, f func(i int)) {
	var wg sync.WaitGroup
	wg.Add(10)
	for k := 0; k < 10; k++ {
		go func() {
			for i := 0; i < n/10; i++ {
				f(i)
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

func mutexTen(n int) int {
	var mu sync.Mutex
	count := 0
	ten(n, func(int) {
		mu.Lock()
		before := count
		runtime.Gosched()
		count = before + 1
		mu.Unlock()
	})
	return count
}

func rwmutexRead(n int) int {
	var mu sync.RWMutex
	read, written := 0, 0
	ten(n, func(i int) {
		if i%100 == 99 {
			mu.Lock()
			before := written
			runtime.Gosched()
			written = before + 1
			mu.Unlock()
			return
		}
		mu.RLock()
		before := written
		runtime.Gosched()
		if written == before {
			read++
		}
		mu.RUnlock()
	})
	return read + written
}

func semaphore(n int) int {
	room := make(chan struct{}, 10)
	sum := 0
	for i := 0; i < n; i++ {
		k := i
		room <- struct{}{}
		go func() {
			sum += k
			<-room
		}()
	}
	for i := 0; i < 10; i++ {
		room <- struct{}{}
	}
	return sum
}

func semaphoreAll(n int) int {
	room := make(chan struct{}, 10)
	var wg sync.WaitGroup
	wg.Add(n)
	sum := 0
	for i := 0; i < n; i++ {
		k := i
		go func() {
			room <- struct{}{}
			sum += k
			<-room
			wg.Done()
		}()
	}
	wg.Wait()
	return sum
}

type group struct {
	wg    sync.WaitGroup
	room  chan struct{}
	once  sync.Once
	first error
}

func (g *group) start(f func() error) {
	g.room <- struct{}{}
	g.wg.Add(1)
	go func() {
		if err := f(); err != nil {
			g.once.Do(func() { g.first = err })
		}
		<-g.room
		g.wg.Done()
	}()
}

func errgroup(n int) int {
	g := group{room: make(chan struct{}, 10)}
	sum := 0
	for i := 0; i < n; i++ {
		k := i
		g.start(func() error {
			sum += k
			return nil
		})
	}
	g.wg.Wait()
	if g.first != nil {
		return -1
	}
	return sum
}

// A goroutine that sends f of all values of in.
func stage(ctx context.Context, in <-chan int, f func(v int) int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for v := range in {
			select {
			case out <- f(v):
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func pipeline(n int) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	numbers := make(chan int)
	go send(numbers, n)
	a := stage(ctx, numbers, func(v int) int { return v + 1 })
	b := stage(ctx, a, func(v int) int { return v * 2 })
	c := stage(ctx, b, func(v int) int { return v/2 - 1 })
	sum := 0
	for v := range c {
		sum += v
	}
	return sum
}

type job struct {
	value  int
	result chan int
}

func poolSubmit(n int) int {
	jobs := make(chan job, 100)
	for k := 0; k < 10; k++ {
		go func() {
			for j := range jobs {
				j.result <- j.value
			}
		}()
	}
	sum := 0
	for i := 0; i < n; i += 1000 {
		var results [1000]chan int
		for k := range results {
			results[k] = make(chan int, 1)
			jobs <- job{i + k, results[k]}
		}
		for _, result := range results {
			sum += <-result
		}
	}
	close(jobs)
	return sum
}

func poolFeed(n int) int {
	jobs, results := make(chan int, 100), make(chan int)
	var wg sync.WaitGroup
	wg.Add(10)
	for k := 0; k < 10; k++ {
		go func() {
			for v := range jobs {
				results <- v
			}
			wg.Done()
		}()
	}
	go send(jobs, n)
	go func() {
		wg.Wait()
		close(results)
	}()
	sum := 0
	for v := range results {
		sum += v
	}
	return sum
}
