// The result of a create or an update, and its forms.
#pragma once

#include <string>

#include "bqconn/output/format.hpp"

namespace bqconn::output {

// What the user has now: a connection, and how it came about ("created", "existing", "recovered",
// "updated").
struct ConnectionResult {
    std::string id;
    std::string etag;  // with its quotes, as the service sent it
    std::string name;
    std::string sandbox_name;
    std::string outcome;
};

// With its trailing newline.
std::string render(const ConnectionResult& result, Format format);

}  // namespace bqconn::output
