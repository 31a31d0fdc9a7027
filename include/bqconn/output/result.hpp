// The result of a create or an update, and its formats.
#pragma once

#include <string>

#include "bqconn/output/format.hpp"

namespace bqconn::output {

// A connection and its outcome: "created", "existing", "recovered" or "updated".
struct ConnectionResult {
    std::string id;
    std::string etag;  // with its quotes, as the service sent it
    std::string name;
    std::string sandbox_name;
    std::string outcome;
};

// Includes the trailing newline.
std::string render(const ConnectionResult& result, Format format);

}  // namespace bqconn::output
