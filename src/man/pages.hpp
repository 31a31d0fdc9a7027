// The manual pages, made from the tables and texts that --help is made from. What --help has no
// room for (files, variables of other programs) stands here.
#pragma once

#include <string>
#include <vector>

#include "man/mdoc.hpp"

namespace bqconn::man {

struct Page {
    std::string name;  // "bqconn-auth-token": that of its file too, with ".1"
    std::string text;  // mdoc
};

// bqconn(1), one page for each verb, and one for each first word of verbs of two.
std::vector<Page> bqconn_pages(const Edition& edition);

Page emulator_page(const Edition& edition);

}  // namespace bqconn::man
