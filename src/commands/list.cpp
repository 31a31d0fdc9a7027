#include "bqconn/commands/list.hpp"

#include <optional>
#include <string>
#include <vector>

#include "bqconn/config/assemble.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/output/listing.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {

void list(Context& context, const config::Settings& settings, output::Format format) {
    config::Missing missing;
    const connection::Access access = config::access(settings, missing);
    missing.report();
    std::optional<std::string> name;
    if (settings.has(config::Setting::name)) {
        name = settings.text(config::Setting::name);
    }
    Session session(context, settings, access);
    const flow::Found found = flow::find_connections(session.service(), name);
    std::vector<output::ListingRow> rows;
    rows.reserve(found.connections.size());
    for (const auto& one : found.connections) {
        rows.push_back({one.id, one.etag, one.name, one.state, one.created_at});
    }
    context.console.result(output::render(rows, format));
}

}  // namespace bqconn::commands
