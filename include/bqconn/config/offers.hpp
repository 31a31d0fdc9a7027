// What a shell may offer where a value is typed.
#pragma once

namespace bqconn::config {

enum class Offers {
    nothing,
    words,  // those of the table
    files,
    profiles,
    sandbox_names,  // from here on: what the service knows
    connection_names,
    connection_ids,
    tables,  // of the connection that was named before
};

}  // namespace bqconn::config
