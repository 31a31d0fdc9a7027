// A list of connections, in its forms.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bqconn/output/format.hpp"

namespace bqconn::output {

struct ListingRow {
    std::string id;
    std::string etag;
    std::string name;
    std::string state;
    std::int64_t created_at = 0;  // milliseconds since 1970; 0 if unknown
};

// A table, a JSON array, or the bare ids. Throws Error (usage) for `env`, which holds one
// connection only.
std::string render(const std::vector<ListingRow>& rows, Format format);

}  // namespace bqconn::output
