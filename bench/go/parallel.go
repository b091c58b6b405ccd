// The workloads of several processors. A promise is a channel with room for the one result.
package main

import (
	"context"
	"strconv"
	"strings"
	"time"
)

type pair struct{ a, b int }

type page struct {
	id  int
	url string
}

func submit(p pair) chan int {
	result := make(chan int, 1)
	go func() { result <- p.a + p.b }()
	return result
}

func tasks(n int) int {
	results := make([]chan int, n)
	for i := range results {
		results[i] = submit(pair{i - 1, 1})
	}
	sum := 0
	for _, result := range results {
		sum += <-result
	}
	return sum
}

func tasksLoop(n int) int {
	const loops = 4
	sums := make(chan int)
	for k := 0; k < loops; k++ {
		go func(k int) {
			sum := 0
			for i := k; i < n; i += loops {
				sum += <-submit(pair{i - 1, 1})
			}
			sums <- sum
		}(k)
	}
	sum := 0
	for k := 0; k < loops; k++ {
		sum += <-sums
	}
	return sum
}

var urls = func() (all [1024]string) {
	for i := range all {
		all[i] = "https://example.com/page/" + strconv.Itoa(i)
	}
	return
}()

func pages(n int) int {
	ch := make(chan *page, 100)
	go func() {
		for i := 0; i < n; i++ {
			ch <- &page{i, urls[i&1023]}
		}
		close(ch)
	}()
	sum := 0
	for i := 0; i < n; i++ {
		p := <-ch
		if strings.HasPrefix(p.url, "https:") {
			sum += p.id
		}
	}
	return sum
}

// The main goroutine waits for two others.
func streamBetween(n int) int {
	sum := make(chan int)
	go func() { sum <- stream(0, n) }()
	return <-sum
}

func pingPongAsleep(n int) int {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			pong <- <-ping
		}
	}()
	sum := 0
	for i := 0; i < n; i++ {
		off(func() { time.Sleep(time.Millisecond) })
		ping <- i
		sum += <-pong
	}
	return sum
}

func cancelCrossing(n int) int {
	sum := 0
	for i := 0; i < n; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		answer := make(chan int, 1)
		go func(i int) {
			<-ctx.Done()
			answer <- i
		}(i)
		off(func() { time.Sleep(time.Millisecond) })
		cancel()
		sum += <-answer
	}
	return sum
}

// 32 bits, as V8 takes them.
func countPrimes(from, to int32) int {
	count := 0
	for n := from; n < to; n++ {
		if n < 2 {
			continue
		}
		d := int32(2)
		for d*d <= n && n%d != 0 {
			d++
		}
		if d*d > n {
			count++
		}
	}
	return count
}

func primes(n int) int {
	const chunk = 12_500
	counts := make(chan int, n)
	for i := 0; i < n; i++ {
		go func(i int32) { counts <- countPrimes(i*chunk, (i+1)*chunk) }(int32(i))
	}
	sum := 0
	for i := 0; i < n; i++ {
		sum += <-counts
	}
	return sum
}

func idleSecond(int) int {
	quit := make(chan struct{})
	for k := 0; k < 2; k++ {
		go func() { <-quit }()
	}
	time.Sleep(100 * time.Millisecond)
	before := processor()
	time.Sleep(time.Second)
	instead = processor() - before
	close(quit)
	return 3
}
