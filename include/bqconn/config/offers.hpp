// What shell completion offers for a value.
#pragma once

namespace bqconn::config {

enum class Offers {
    nothing,
    words,  // from the settings table
    files,
    profiles,
    sandbox_names,  // from here on: from the service
    connection_names,
    connection_ids,
    tables,  // of the connection already named
};

}  // namespace bqconn::config
