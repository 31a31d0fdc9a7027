// A list is read to its end, or a documented error. A list whose next page is itself ends too.
#include "bqconn/flow/connections.hpp"

#include "bqconn/flow/wire.hpp"
#include "bqconn/output/result.hpp"
#include "fuzz/fuzz.hpp"
#include "support/samples.hpp"

using namespace bqconn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    http::Response response = fuzz::response_of(fuzz::text_of(data, size));
    if (response.status == 201) {
        response.status = 200;
    }
    fuzz::OneAnswer transport(response);
    flow::FlowService service = tests::service_over(transport);
    try {
        const flow::Found found = flow::find_connections(service, std::nullopt);
        fuzz::require(response.status == 200, "only a 200 is a success");
        for (const auto& one : found.connections) {
            fuzz::require(flow::is_connection_id(one.id), "the id is valid", one.id);
        }
        const std::string table =
            output::render(found.connections, output::Format::text, {.columns = 40});
        fuzz::require(fuzz::is_inert(table), "a table is inert", table);
        const std::string text = output::render(found.connections, output::Format::json, {});
        fuzz::require(fuzz::is_inert(text), "the JSON is inert", text);
        fuzz::require(json::parse(text).size() == found.connections.size(),
                      "the JSON has every row", text);
    } catch (const Error& error) {
        fuzz::check_exit_code(error);
        fuzz::require(error.exit_code() != ExitCode::unknown, "nothing can have been created");
        fuzz::check_shown(error);
    }
    return 0;
}
