// What the archives of g++ 12 take from glibc 2.35 and 2.36. Linked only into a release's programs,
// so that they run with glibc 2.34 too.
#include <dlfcn.h>
#include <link.h>
#include <sys/random.h>

#include <cstdint>
#include <cstdlib>

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

// glibc 2.35: where the unwinder finds the frames of a function that an exception leaves.
int _dl_find_object(void* address, dl_find_object* found) noexcept {
    Search search{reinterpret_cast<std::uintptr_t>(address), found};
    return ::dl_iterate_phdr(look_in, &search) == 1 ? 0 : -1;
}

// glibc 2.36: for std::random_device.
std::uint32_t arc4random() {
    std::uint32_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number) {
        std::abort();
    }
    return number;
}

}  // extern "C"
