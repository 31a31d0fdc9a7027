// What bqconn and the archives of g++ 12 take from the C library of Debian 12 and that of Debian 11
// lacks. Linked only into a program that scripts/release links against the latter; it refuses to
// replace anything else.
#include <dlfcn.h>
#include <link.h>
#include <spawn.h>
#include <sys/random.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace {

struct Search {
    std::uintptr_t address;
    dl_find_object* found;
};

// Looks for the address in one object that is loaded. Not 0 ends the search.
int look_in(dl_phdr_info* object, std::size_t, void* search_of_caller) {
    auto* search = static_cast<Search*>(search_of_caller);
    const ElfW(Phdr)* frames = nullptr;
    const ElfW(Phdr)* mapping = nullptr;
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const ElfW(Phdr)& part = object->dlpi_phdr[i];
        const std::uintptr_t start = object->dlpi_addr + part.p_vaddr;
        if (part.p_type == PT_LOAD && search->address >= start &&
            search->address - start < part.p_memsz) {
            mapping = &part;
        } else if (part.p_type == PT_GNU_EH_FRAME) {
            frames = &part;
        }
    }
    if (mapping == nullptr || frames == nullptr) {
        return mapping == nullptr ? 0 : -1;
    }
    const auto at = [object](std::uintptr_t offset) {
        return reinterpret_cast<void*>(object->dlpi_addr + offset);
    };
    *search->found = {};
    search->found->dlfo_map_start = at(mapping->p_vaddr);
    search->found->dlfo_map_end = at(mapping->p_vaddr + mapping->p_memsz);
    search->found->dlfo_eh_frame = at(frames->p_vaddr);
    return 1;
}

}  // namespace

extern "C" {

// glibc 2.32: not 0 if the process has one thread only. 0 is always right; it costs atomic
// instructions.
extern char __libc_single_threaded;
char __libc_single_threaded = 0;

// glibc 2.34: in the new process closes what is open from `first` on, as far as it is open now.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t* actions,
                                             int first) noexcept {
    int last = 1023;
    std::error_code failed;
    std::filesystem::directory_iterator open("/proc/self/fd", failed);
    for (; !failed && open != std::filesystem::end(open); open.increment(failed)) {
        last = std::max(last, std::atoi(open->path().filename().c_str()));
    }
    for (int number = first; number <= last; ++number) {
        if (const int error = ::posix_spawn_file_actions_addclose(actions, number); error != 0) {
            return error;
        }
    }
    return 0;
}

// glibc 2.35: where the unwinder finds what an exception needs to pass a function.
int _dl_find_object(void* address, dl_find_object* found) noexcept {
    Search search{reinterpret_cast<std::uintptr_t>(address), found};
    return ::dl_iterate_phdr(look_in, &search) == 1 ? 0 : -1;
}

// glibc 2.36: std::random_device asks it.
std::uint32_t arc4random() {
    std::uint32_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number) {
        std::abort();
    }
    return number;
}

}  // extern "C"
