// What each thread asks for of the C library's memory, counted. The program that links this gets an allocator of its own
// name around the C library's; it is for measuring, and for Linux with glibc alone.
#pragma once

// Starts counting on this thread.
void allocations_begin(void);

// The most bytes that this thread has held at any time since then, of those that it asked for since.
long allocations_peak(void);
