// A create's answer is a complete 201 with id and etag, or an error: "unknown" for any other 2xx,
// 408, 5xx or a malformed 201.
#include "bqconn/flow/change.hpp"

#include "fuzz/fuzz.hpp"
#include "support/samples.hpp"

using namespace bqconn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const http::Response response = fuzz::response_of(fuzz::text_of(data, size));
    const int status = response.status;
    fuzz::OneAnswer transport(response);
    flow::FlowService service = tests::service_over(transport);
    try {
        const flow::CreateResult stored = flow::create_once(service, tests::basic_connection(),
                                                            {.recover = false}, real_clock(-1));
        fuzz::require(status == 201, "only a 201 is a success");
        fuzz::require(flow::is_connection_id(stored.id), "the id is valid", stored.id);
        fuzz::require(!stored.etag.empty(), "the etag is not empty");
        fuzz::require(stored.etag.find_first_of("\r\n") == std::string::npos,
                      "the etag is one line");
    } catch (const Error& error) {
        fuzz::check_exit_code(error);
        const bool unknown = status < 300 || status == 408 || status >= 500;
        fuzz::require(!unknown || error.exit_code() == ExitCode::unknown, "the outcome is unknown");
        fuzz::require(status < 400 || unknown || error.exit_code() != ExitCode::unknown,
                      "the create was refused");
        fuzz::check_shown(error);
    }
    fuzz::require(transport.calls == 1, "one POST");
    return 0;
}
