// Linked only into a release's programs that load the system's C library. Nearly all relocations of
// a program add the load address to one word, and the linker packs these into a bitmap. glibc
// before 2.36 cannot apply a bitmap, so the linker gives it Android's tag, which every glibc
// ignores, and the program applies it: in the resolver of an indirect function, which the loader
// calls after the other relocations and before it makes the relocated pages read-only.
#include <link.h>

extern "C" {
[[gnu::visibility("hidden")]] extern const ElfW(Ehdr) __ehdr_start;

// Runs before the program is relocated: must not call a function or read a table of pointers.
[[gnu::no_stack_protector]] void (*apply_packed_relocations())() {
    constexpr ElfW(Sxword) packed = 0x6fffe000;       // DT_ANDROID_RELR
    constexpr ElfW(Sxword) packed_size = 0x6fffe001;  // DT_ANDROID_RELRSZ
    constexpr int words_per_map = 63;
    const auto base = reinterpret_cast<ElfW(Addr)>(&__ehdr_start);
    const ElfW(Addr)* entry = nullptr;
    ElfW(Xword) size = 0;
    for (const ElfW(Dyn)* dynamic = _DYNAMIC; dynamic->d_tag != DT_NULL; ++dynamic) {
        if (dynamic->d_tag == packed) {
            entry = reinterpret_cast<const ElfW(Addr)*>(base + dynamic->d_un.d_ptr);
        } else if (dynamic->d_tag == packed_size) {
            size = dynamic->d_un.d_val;
        }
    }
    // Get the pages that will be written in one call. Linux before 5.14 refuses, and they come one
    // by one.
    const auto* part = reinterpret_cast<const ElfW(Phdr)*>(base + __ehdr_start.e_phoff);
    for (const auto* const end = part + __ehdr_start.e_phnum; part != end; ++part) {
        if (part->p_type == PT_GNU_RELRO) {
            constexpr ElfW(Addr) page_mask = 4095;
            constexpr long populate_write = 23;  // MADV_POPULATE_WRITE
            long result = 28;                    // madvise
            const ElfW(Addr) first = (base + part->p_vaddr) & ~page_mask;
            const ElfW(Addr) length = base + part->p_vaddr + part->p_memsz - first;
            asm volatile("syscall"
                         : "+a"(result)
                         : "D"(first), "S"(length), "d"(populate_write)
                         : "rcx", "r11", "memory");
        }
    }
    // An even entry is the address of a word; an odd one has a bit for each of the next 63 words.
    ElfW(Addr)* word = nullptr;
    for (const auto* const end = entry + size / sizeof *entry; entry != end; ++entry) {
        if ((*entry & 1) == 0) {
            word = reinterpret_cast<ElfW(Addr)*>(base + *entry);
            *word++ += base;
            continue;
        }
        for (ElfW(Addr) bits = *entry >> 1; bits != 0; bits &= bits - 1) {
            word[__builtin_ctzl(bits)] += base;
        }
        word += words_per_map;
    }
    return [] {};
}

void packed_relocations() __attribute__((ifunc("apply_packed_relocations")));
}

// Without a call, the linker would drop the indirect function.
[[gnu::constructor]] static void keep_resolver() {
    packed_relocations();
}
