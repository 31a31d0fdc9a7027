#include "commands/print_result.hpp"

#include "bqconn/core/error.hpp"

namespace bqconn::commands {

void print_result(output::Console& console, const output::ConnectionResult& result,
                  output::Format format) {
    try {
        console.result(output::render(result, format));
    } catch (const Error& error) {
        throw Error(error.exit_code(), error.code(),
                    "the connection exists (" + std::string(name_of(result.outcome)) + "), but " +
                        error.message() + "\n  id    " + result.id + "\n  etag  " + result.etag,
                    error.hint() + "; do not " +
                        (result.outcome == flow::Outcome::updated ? "update" : "create") +
                        " it again");
    }
}

}  // namespace bqconn::commands
