#include "bqconn/dataflow/dataflows.hpp"

#include <algorithm>
#include <utility>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/lake/datasets.hpp"

namespace bqconn::dataflow {
namespace {

using json::Json;

constexpr flow::Subject of_flows{"the list of dataflows", "bad_response.dataflows"};
constexpr flow::Subject of_flow{"the dataflow", "bad_response.dataflow"};
constexpr flow::Subject of_ends{"the list of source or target connections", "bad_response.ends"};
constexpr flow::Subject of_end{"the source or target connection", "bad_response.ends"};

std::vector<std::string> texts_at(const Json& document, const char* key) {
    std::vector<std::string> texts;
    for (const auto& item : json::array_at(document, key)) {
        if (item.is_string()) {
            texts.push_back(item.get<std::string>());
        }
    }
    return texts;
}

// A text, even if the service sends it as a number.
std::string text_of(const Json& value) {
    return value.is_string()           ? value.get<std::string>()
           : value.is_number_integer() ? std::to_string(value.get<std::int64_t>())
                                       : "";
}

// The parameters of the transformation of that name: their order is not fixed.
const Json& transformation(const Json& transformations, const std::string& name) {
    static const Json none;
    for (const auto& one : transformations) {
        if (json::string_at(one, "name") == name) {
            return json::member(one, "params");
        }
    }
    return none;
}

std::optional<LastRun> last_run_of(const Json& document) {
    const Json& run = json::member(document, "lastRunDetails");
    if (!run.is_object()) {
        return std::nullopt;
    }
    const std::string status = http::service_words(json::string_at(run, "state"));
    return LastRun{.id = json::string_at(run, "id"),
                   .status = status,
                   .state = state_of(status),
                   .started_at = json::integer_at(run, "startedAtUTC").value_or(0),
                   .completed_at = json::integer_at(run, "completedAtUTC").value_or(0)};
}

// The source connections of a dataflow, as it shows them.
const Json& inherited_sources(const Json& item) {
    return json::array_at(json::member(item, "inheritedAttributes"), "sourceConnections");
}

// Whether a dataflow of tables reads a source other than Google BigQuery.
bool reads_another_source(const Json& item) {
    const Json& sources = inherited_sources(item);
    return std::any_of(sources.begin(), sources.end(), [](const Json& source) {
        const std::string spec = json::string_at(json::member(source, "connectionSpec"), "id");
        return !spec.empty() && spec != connection::bigquery_spec_id;
    });
}

Dataflow dataflow_of(const Json& item, const flow::Document& document) {
    Dataflow one;
    one.id = json::string_at(item, "id");
    one.etag = json::string_at(item, "etag");
    if (!flow::is_connection_id(one.id)) {
        throw document.unusable("an item has no id");
    }
    if (!one.etag.empty() && !flow::is_etag(one.etag)) {
        throw document.unusable("an item has an invalid etag");
    }
    one.name = json::string_at(item, "name");
    one.description = json::string_at(item, "description");
    one.state = json::string_at(item, "state");
    one.reads_bigquery = json::string_at(json::member(item, "flowSpec"), "id") == flow_spec_id &&
                         !reads_another_source(item);
    for (const auto& source : inherited_sources(item)) {
        one.base_connection_id = json::string_at(json::member(source, "baseConnection"), "id");
    }
    one.source_ids = texts_at(item, "sourceConnectionIds");
    one.target_ids = texts_at(item, "targetConnectionIds");
    one.transformations = json::array_at(item, "transformations");
    const Json& mapping = transformation(one.transformations, "Mapping");
    one.mapping_id = json::string_at(mapping, "mappingId");
    one.mapping_version = text_of(json::member(mapping, "mappingVersion"));
    one.delta_column = json::string_at(
        json::member(transformation(one.transformations, "Copy"), "deltaColumn"), "name");
    one.schedule = schedule_of(json::member(item, "scheduleParams"));
    one.options = json::member(item, "options");
    one.last_run = last_run_of(item);
    one.created_at = json::integer_at(item, "createdAt").value_or(0);
    one.updated_at = json::integer_at(item, "updatedAt").value_or(0);
    return one;
}

bool is_among(const std::vector<std::string>& ids, const std::string& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool matches(const DataflowQuery& query, const Dataflow& one) {
    return (!query.name || one.name == *query.name) &&
           (!query.source_id || is_among(one.source_ids, *query.source_id)) &&
           (query.all_sources || one.reads_bigquery);
}

const Json& only_item(const flow::Document& document, const std::string& id) {
    const Json& item = flow::item_of(document);
    if (json::string_at(item, "id") != id) {
        throw document.unusable("its id is not the one requested");
    }
    return item;
}

const char* collection(Side side) {
    return side == Side::source ? "/sourceConnections" : "/targetConnections";
}

End end_of(const Json& item, const flow::Document& document) {
    End one{.id = json::string_at(item, "id"),
            .name = json::string_at(item, "name"),
            .base_connection_id = json::string_at(item, "baseConnectionId"),
            .params = json::member(item, "params"),
            .schema_id = json::string_at(json::member(json::member(item, "data"), "schema"), "id"),
            .description = json::string_at(item, "description")};
    if (!flow::is_connection_id(one.id)) {
        throw document.unusable("an item has no id");
    }
    return one;
}

}  // namespace

void visit_dataflows(flow::FlowService& service, const DataflowQuery& query,
                     const VisitDataflows& visit) {
    flow::Filters filters;
    if (!query.all_sources) {
        filters.add("flowSpec.id", std::string(flow_spec_id));
    }
    filters.add("name", query.name);
    filters.add("sourceConnectionIds[]", query.source_id);
    flow::read_pages(service, {"/flows", filters.parameters(query.page_size), of_flows},
                     [&](const Json& items, const flow::Document& page) {
                         std::vector<Dataflow> found;
                         for (const auto& item : items) {
                             Dataflow one = dataflow_of(item, page);
                             if (matches(query, one)) {
                                 found.push_back(std::move(one));
                             }
                         }
                         return visit(found);
                     });
}

std::vector<Dataflow> find_dataflows(flow::FlowService& service, const DataflowQuery& query) {
    std::vector<Dataflow> found;
    visit_dataflows(service, query, [&found](std::vector<Dataflow>& page) {
        std::move(page.begin(), page.end(), std::back_inserter(found));
        return true;
    });
    return found;
}

Dataflow read_dataflow(flow::FlowService& service, const std::string& id) {
    const flow::Document document =
        flow::read_document(service, {.path = "/flows/" + http::percent_encode(id)}, of_flow);
    return dataflow_of(only_item(document, id), document);
}

void add_uses(const Dataflow& one, Users& users) {
    for (const auto* const ids : {&one.source_ids, &one.target_ids}) {
        for (const auto& id : *ids) {
            users[id].push_back(one.id);
        }
    }
    users[one.mapping_id].push_back(one.id);
}

Users read_users(flow::FlowService& service) {
    constexpr int page_size = 100;
    Users users;
    visit_dataflows(service, {.all_sources = true, .page_size = page_size},
                    [&users](const std::vector<Dataflow>& page) {
                        for (const auto& one : page) {
                            add_uses(one, users);
                        }
                        return true;
                    });
    return users;
}

std::string End::table() const {
    return json::string_at(params, "tableName");
}

std::string End::dataset_id() const {
    return json::string_at(params, "dataSetId");
}

std::vector<End> find_ends(flow::FlowService& service, Side side, const EndQuery& query) {
    flow::Filters filters;
    filters.add("connectionSpec.id",
                std::string(side == Side::source ? connection::bigquery_spec_id : lake_spec_id));
    filters.add("name", query.name);
    filters.add("baseConnectionId", query.base_connection_id);
    std::vector<End> found;
    flow::read_pages(service, {collection(side), filters.parameters(), of_ends},
                     [&](const Json& items, const flow::Document& page) {
                         for (const auto& item : items) {
                             End one = end_of(item, page);
                             if ((!query.name || one.name == *query.name) &&
                                 (!query.base_connection_id ||
                                  one.base_connection_id == *query.base_connection_id)) {
                                 found.push_back(std::move(one));
                             }
                         }
                         return true;
                     });
    return found;
}

End read_end(flow::FlowService& service, Side side, const std::string& id) {
    const flow::Document document = flow::read_document(
        service, {.path = collection(side) + ("/" + http::percent_encode(id))}, of_end);
    return end_of(only_item(document, id), document);
}

void read_ends(flow::FlowService& service, Dataflow& one) {
    const auto is_missing = [](const Error& error) {
        return error.exit_code() == ExitCode::not_found;
    };
    try {
        if (!one.source_ids.empty()) {
            const End source = read_end(service, Side::source, one.source_ids.front());
            one.table = source.table();
            one.base_connection_id = source.base_connection_id;
        }
    } catch (const Error& error) {
        if (!is_missing(error)) {
            throw;
        }
    }
    try {
        if (!one.target_ids.empty()) {
            one.dataset_id = read_end(service, Side::target, one.target_ids.front()).dataset_id();
        }
    } catch (const Error& error) {
        if (!is_missing(error)) {
            throw;
        }
    }
    if (!one.dataset_id.empty()) {
        if (const auto dataset = lake::read_dataset(service, one.dataset_id)) {
            one.dataset_name = dataset->name;
        }
    }
}

void require_flow_spec(flow::FlowService& service) {
    const flow::Document document =
        flow::read_document(service, {.path = "/flowSpecs/" + std::string(flow_spec_id)},
                            {"the flow spec CRMToAEP", "bad_response.flow_spec"});
    const Json& item = flow::item_of(document);
    if (!json::member(item, "sourceConnectionSpecIds").is_array()) {
        throw document.unusable("it has no sourceConnectionSpecIds");
    }
    const auto sources = texts_at(item, "sourceConnectionSpecIds");
    if (!is_among(sources, std::string(connection::bigquery_spec_id))) {
        throw Error(ExitCode::rejected, "rejected.flow_spec",
                    "the flow spec CRMToAEP of this organisation does not support Google BigQuery",
                    "ask Adobe support whether the organisation may use the source");
    }
}

}  // namespace bqconn::dataflow
