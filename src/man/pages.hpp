// The manual pages, generated from the same tables and texts as --help, plus what --help has no
// room for: files, and variables of other programs.
#pragma once

#include <string>
#include <vector>

#include "man/mdoc.hpp"

namespace bqconn::man {

struct Page {
    std::string name;  // "bqconn-auth-token"; the file adds ".1"
    std::string text;  // mdoc
};

// bqconn(1), one page per verb, and one per group of two-word verbs.
std::vector<Page> bqconn_pages(const Edition& edition);

Page emulator_page(const Edition& edition);

}  // namespace bqconn::man
