#include "emulator/platform/lake.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"

namespace bqconn::emulator {
namespace {

// A ULID: the time, then random digits.
std::string new_batch_id(std::int64_t now) {
    constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    constexpr std::size_t time_digits = 10;
    constexpr std::size_t random_digits = 16;
    std::string id(time_digits, '0');
    auto time = static_cast<std::uint64_t>(now);
    for (std::size_t i = time_digits; i-- > 0; time /= digits.size()) {
        id[i] = digits[time % digits.size()];
    }
    const std::string hex = crypto::random_hex(random_digits);
    for (std::size_t i = 0; i < random_digits; ++i) {
        const auto number = static_cast<unsigned char>(hex[2 * i]) +
                            16U * static_cast<unsigned char>(hex[2 * i + 1]);
        id += digits[number % digits.size()];
    }
    return id;
}

// What Catalog shows of the errors: their codes and counts with error diagnostics, else one code.
Json batch_errors(const Batch& batch) {
    if (batch.rejected.empty() && batch.nullified == 0) {
        return Json::array();
    }
    if (!batch.diagnostics) {
        return {{{"code", "INGEST-1211-400"},
                 {"description",
                  "Encountered errors while parsing, converting or otherwise validating the data. "
                  "Please resend the data with error diagnostics enabled."}}};
    }
    struct Count {
        std::string description;
        std::size_t records = 0;
    };
    std::map<std::string, Count> counts;
    if (batch.nullified > 0) {
        counts["MAPPER-3700-400"] = {"Mapper Transform Error", batch.nullified};
    }
    for (const Json& row : batch.rejected) {
        std::map<std::string, std::string> codes;
        for (const Json& error : json::array_at(row, "_errors")) {
            codes.emplace(error.at("code"), error.at("message"));
        }
        for (const auto& [code, message] : codes) {
            Count& count = counts[code];
            count.description = count.records == 0 ? message : count.description;
            ++count.records;
        }
    }
    Json errors = Json::array();
    for (const auto& [code, count] : counts) {
        errors.push_back(
            {{"code", code}, {"description", count.description}, {"recordCount", count.records}});
    }
    return errors;
}

}  // namespace

ResourcePointer add_document(Store& store, const Sandbox& sandbox, Kind kind, const std::string& id,
                             Json body, Json more) {
    more.update({{"id", id}, {"body", std::move(body)}});
    return store.add(kind, sandbox, std::move(more));
}

std::optional<Dataset> find_dataset(const Store& store, const Sandbox& sandbox,
                                    const std::string& id) {
    const auto found = store.find(Kind::data_set, sandbox, id);
    if (!found) {
        return std::nullopt;
    }
    const Json& body = found->at("body");
    return Dataset{id, body.at("name"), json::string_at(json::member(body, "schemaRef"), "id")};
}

Json find_mapping_set(const Store& store, const Sandbox& sandbox, const std::string& id,
                      std::optional<std::size_t> version) {
    const auto found = store.find(Kind::mapping_set, sandbox, id);
    if (!found) {
        return {};
    }
    const Json& versions = found->at("versions");
    const std::size_t wanted = version.value_or(versions.size() - 1);
    return wanted < versions.size() ? versions.at(wanted) : Json();
}

std::string mapped_schema_id(const Json& mapping_set) {
    const Json& output = json::member(mapping_set, "outputSchema");
    return json::string_at(json::member(output, "schemaRef"), "id",
                           json::string_at(mapping_set, "xdmSchema"));
}

std::string add_batch(Store& store, const Sandbox& sandbox, const Batch& batch) {
    const std::string id = new_batch_id(store.now());
    const std::size_t accepted = batch.documents.size();
    const std::size_t failed = batch.rejected.size();
    Json tags = {{"acp_enableErrorDiagnostics", batch.diagnostics}};
    if (!batch.flow_id.empty()) {
        tags["flowId"] = Json::array({batch.flow_id});
    }
    add_document(store, sandbox, Kind::batch, id,
                 {{"status", batch.success ? "success" : "failed"},
                  {"relatedObjects", {{{"type", "dataSet"}, {"id", batch.dataset_id}}}},
                  {"created", batch.started},
                  {"started", batch.started},
                  {"completed", batch.completed},
                  {"updated", batch.completed},
                  {"recordCount", batch.success ? accepted : 0},
                  {"metrics",
                   {{"startTime", batch.started},
                    {"endTime", batch.completed},
                    {"inputRecordCount", accepted + failed},
                    {"outputRecordCount", batch.success ? accepted : 0},
                    {"failedRecordCount", failed}}},
                  {"errors", batch_errors(batch)},
                  {"tags", tags},
                  {"version", "1.0.1"}},
                 {{"documents", batch.success ? batch.documents : Json::array()},
                  {"rejected", batch.diagnostics ? batch.rejected : Json::array()}});
    return id;
}

void fill_lake(Store& store, const Options& options) {
    for (const Sandbox& sandbox : store.sandboxes()) {
        for (const LakeSchema& schema : options.lake.schemas) {
            add_schema(store, sandbox, options, schema.id, schema.body);
        }
        for (const LakeDataset& dataset : options.lake.datasets) {
            add_dataset(store, sandbox, options, dataset.id,
                        {{"name", dataset.name},
                         {"schemaRef",
                          {{"id", schema_uri(options, "schemas", dataset.schema)},
                           {"contentType", "application/vnd.adobe.xed+json;version=1"}}}});
        }
    }
}

ResourceList all_documents(Store& store, const Sandbox& sandbox, Kind kind) {
    return store.page(kind, sandbox, {}, 0, std::string::npos).resources;
}

std::string schema_uri(const Options& options, const std::string& collection,
                       const std::string& id) {
    return "https://ns.adobe.com/" + options.lake.tenant + "/" + collection + "/" + id;
}

std::optional<PropertyFilter> parse_property_filter(const std::string& text) {
    const auto at = text.find_first_of("=!<>~");
    const auto end = std::min(text.find_first_not_of("=!<>~", at), text.size());
    const std::string word = at == std::string::npos ? "" : text.substr(at, end - at);
    if (word != "==" && word != "!=" && word != "=") {
        return std::nullopt;
    }
    return PropertyFilter{text.substr(0, at), text.substr(end), word == "!="};
}

bool holds(const PropertyFilter& filter, const Json& document,
           bool (*equals)(std::string_view value, std::string_view text)) {
    const Json& property = json::member(document, filter.name);
    const auto is_equal = [&](const Json& value) {
        return equals(filter.value, value.is_string() ? value.get<std::string>() : dump(value));
    };
    const bool found = property.is_array() ? std::ranges::any_of(property, is_equal)
                                           : !property.is_null() && is_equal(property);
    return found != filter.negated;
}

std::size_t number_parameter(const Request& request, const std::string& name, std::size_t fallback,
                             std::size_t least, std::size_t most) {
    const auto found = std::ranges::find(request.query, name, &Pairs::value_type::first);
    if (found == request.query.end()) {
        return fallback;
    }
    const auto number = whole_number<std::size_t>(found->second);
    if (!number || *number < least || *number > most) {
        throw bad_request("The query parameter " + name + " must be a number from " +
                          std::to_string(least) + " to " + std::to_string(most));
    }
    return *number;
}

Refused bad_request(const std::string& detail) {
    return placeholder_problem(400, "BadRequestError", detail);
}

Refused not_found(const std::string& detail) {
    return placeholder_problem(404, "NotFoundError", detail);
}

}  // namespace bqconn::emulator
