/* The smallest library that the loader will map: what any preload costs at least. */
extern int bench_nothing;
int bench_nothing;
