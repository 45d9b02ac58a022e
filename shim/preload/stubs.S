/* The exported symbols. Each is one load, one test and one tail jump through its slot, so that every
 * argument, variadic or not, passes through untouched and an inert library costs a jump.
 *
 * A slot is empty until its first call; hook_lazy then asks hook_target() for the real function (or
 * ours, where this libc has none). In a process that opted in, start() fills all slots with ours.
 * Slots are 8-byte aligned words: a store is atomic and every writer of a phase stores the same value. */

#if defined __CET__
#include <cet.h> /* says that the assembly is marked for indirect branch tracking too */
#endif

/* --- the table of slots, of names, and of our functions as offsets (no relocation at start) --- */
        .section .note.GNU-stack,"",%progbits

        .bss
        .p2align 3
        .globl hook_slots
        .hidden hook_slots
hook_slots:
#define HOOK(symbol) .Lslot_##symbol: .skip 8;
#include "hooks.def"
#undef HOOK

        .section .rodata
        .globl hook_names
        .hidden hook_names
hook_names:
#define HOOK(symbol) .Lname_##symbol: .asciz #symbol;
#include "hooks.def"
#undef HOOK
        .p2align 2
        .globl hook_name_offsets
        .hidden hook_name_offsets
hook_name_offsets:
#define HOOK(symbol) .short .Lname_##symbol - hook_names;
#include "hooks.def"
#undef HOOK
        .p2align 2
        .globl hook_offsets
        .hidden hook_offsets
hook_offsets:
#define HOOK(symbol) .long shunt_##symbol - hook_offsets;
#include "hooks.def"
#undef HOOK

        .text
#if defined __x86_64__

#define HOOK(symbol)                                                                               \
        .p2align 4;                                                                                \
        .globl symbol;                                                                             \
        .type symbol,@function;                                                                    \
symbol: endbr64;                                                                                   \
        movq .Lslot_##symbol(%rip), %r11;                                                          \
        testq %r11, %r11;                                                                          \
        jz 1f;                                                                                     \
        jmp *%r11;                                                                                 \
1:      leaq .Lslot_##symbol(%rip), %r11;                                                          \
        jmp hook_lazy;                                                                             \
        .size symbol, . - symbol;
#include "hooks.def"
#undef HOOK

        .p2align 4
        .type hook_lazy,@function
hook_lazy:
        pushq %rdi
        pushq %rsi
        pushq %rdx
        pushq %rcx
        pushq %r8
        pushq %r9
        pushq %rax
        movq %r11, %rdi
        call hook_target
        movq %rax, %r11
        popq %rax
        popq %r9
        popq %r8
        popq %rcx
        popq %rdx
        popq %rsi
        popq %rdi
        jmp *%r11
        .size hook_lazy, . - hook_lazy

/* syscall(): only the numbers in the bitmap (shim/preload/syscall.c) concern us; the rest leaves by a
 * tail jump, so that vfork, clone and six arguments pass. */
        .p2align 4
        .globl shunt_syscall
        .hidden shunt_syscall
        .type shunt_syscall,@function
shunt_syscall:
        endbr64
        cmpq $511, %rdi
        ja 1f
        leaq syscall_bitmap(%rip), %r10
        movq %rdi, %r11
        shrq $6, %r11
        movq (%r10,%r11,8), %r11
        btq %rdi, %r11
        jc syscall_served
1:      movq syscall_real(%rip), %r11
        jmp *%r11
        .size shunt_syscall, . - shunt_syscall

#elif defined __aarch64__

#define HOOK(symbol)                                                                               \
        .p2align 4;                                                                                \
        .globl symbol;                                                                             \
        .type symbol,%function;                                                                    \
symbol: hint 34;                                                                                   \
        adrp x16, .Lslot_##symbol;                                                                 \
        add x16, x16, :lo12:.Lslot_##symbol;                                                       \
        ldr x17, [x16];                                                                            \
        cbz x17, 1f;                                                                               \
        br x17;                                                                                    \
1:      b hook_lazy;                                                                               \
        .size symbol, . - symbol;
#include "hooks.def"
#undef HOOK

        .p2align 4
        .type hook_lazy,%function
hook_lazy:
        stp x29, x30, [sp, #-96]!
        stp x0, x1, [sp, #16]
        stp x2, x3, [sp, #32]
        stp x4, x5, [sp, #48]
        stp x6, x7, [sp, #64]
        str x8, [sp, #80]
        mov x0, x16
        bl hook_target
        mov x16, x0
        ldr x8, [sp, #80]
        ldp x6, x7, [sp, #64]
        ldp x4, x5, [sp, #48]
        ldp x2, x3, [sp, #32]
        ldp x0, x1, [sp, #16]
        ldp x29, x30, [sp], #96
        br x16
        .size hook_lazy, . - hook_lazy

        .p2align 4
        .globl shunt_syscall
        .hidden shunt_syscall
        .type shunt_syscall,%function
shunt_syscall:
        hint 34
        cmp x0, #511
        b.hi 1f
        adrp x16, syscall_bitmap
        add x16, x16, :lo12:syscall_bitmap
        lsr x17, x0, #6
        ldr x17, [x16, x17, lsl #3]
        lsr x17, x17, x0
        tbnz x17, #0, 2f
1:      adrp x16, syscall_real
        ldr x16, [x16, :lo12:syscall_real]
        br x16
2:      b syscall_served
        .size shunt_syscall, . - shunt_syscall

#endif
