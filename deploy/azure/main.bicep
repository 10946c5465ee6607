// Bellhop on Azure Container Apps: the API behind an ingress, workers from none to many by what waits in Redis, a managed Redis,
// secrets in a vault that the apps read by an identity, logs in a workspace. docs/deploy.md says how it is used.
targetScope = 'resourceGroup'

@description('Beginning of all names: lower-case letters and digits.')
@minLength(3)
@maxLength(12)
param name string = 'bellhop'

@description('Region.')
param location string = resourceGroup().location

@description('Name of the container registry, in this resource group, that has the image.')
param registryName string

@description('The image in that registry, such as bellhop:0.1.0.')
param image string

@description('Entries of API keys, as `npm run key` prints them, separated by commas.')
@secure()
@minLength(1)
param apiKeys string

@description('Size of the Redis: see redis.bicep.')
param redisSku string = 'Balanced_B1'

@description('Whether Redis has a replica that takes over.')
param redisHighAvailability bool = true

@description('Fewest API replicas. With none nothing would put jobs into the queue whose time has come.')
@minValue(1)
param minApiReplicas int = 2

@description('Most API replicas.')
@minValue(1)
param maxApiReplicas int = 10

@description('Fewest workers.')
@minValue(0)
param minWorkers int = 0

@description('Most workers.')
@minValue(1)
param maxWorkers int = 20

@description('Waiting jobs for which there is one worker.')
@minValue(1)
param jobsPerWorker int = 20

@description('Jobs that one worker runs at the same time.')
@minValue(1)
param workerConcurrency int = 10

var redisName = '${name}-${uniqueString(resourceGroup().id)}'
var vaultName = take('${name}${uniqueString(resourceGroup().id)}', 24)
// built-in roles
var acrPull = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
var keyVaultSecretsUser = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-logs'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
  }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-apps'
  location: location
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource mayPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, identity.id, acrPull)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: acrPull
  }
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: vaultName
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    softDeleteRetentionInDays: 7
  }
}

resource mayReadSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, keyVaultSecretsUser)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: keyVaultSecretsUser
  }
}

module redis 'redis.bicep' = {
  name: 'redis'
  params: {
    name: redisName
    location: location
    sku: redisSku
    highAvailability: redisHighAvailability
  }
}

resource redisDatabase 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' existing = {
  name: '${redisName}/default'
}

resource redisPassword 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'redis-password'
  properties: {
    value: redisDatabase.listKeys().primaryKey
  }
  dependsOn: [
    redis
  ]
}

resource keys 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'api-keys'
  properties: {
    value: apiKeys
  }
}

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: '${name}-environment'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

// what both apps have
var identityOfApps = {
  type: 'UserAssigned'
  userAssignedIdentities: {
    '${identity.id}': {}
  }
}
var registries = [
  {
    server: registry.properties.loginServer
    identity: identity.id
  }
]
var secrets = [
  {
    name: 'redis-password'
    keyVaultUrl: '${vault.properties.vaultUri}secrets/redis-password'
    identity: identity.id
  }
  {
    name: 'api-keys'
    keyVaultUrl: '${vault.properties.vaultUri}secrets/api-keys'
    identity: identity.id
  }
]
var settings = [
  {
    name: 'HOST'
    value: '0.0.0.0'
  }
  {
    name: 'LOG_FORMAT'
    value: 'json'
  }
  {
    name: 'REDIS_HOST'
    value: redis.outputs.host
  }
  {
    name: 'REDIS_PORT'
    value: string(redis.outputs.port)
  }
  {
    name: 'REDIS_TLS'
    value: 'true'
  }
  {
    name: 'REDIS_PASSWORD'
    secretRef: 'redis-password'
  }
  {
    name: 'API_KEYS'
    secretRef: 'api-keys'
  }
]

resource api 'Microsoft.App/containerApps@2025-01-01' = {
  name: '${name}-api'
  location: location
  identity: identityOfApps
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 3000
        transport: 'http'
        allowInsecure: false
      }
      registries: registries
      secrets: secrets
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'api'
          image: '${registry.properties.loginServer}/${image}'
          command: [
            'node'
            'dist/src/server.js'
          ]
          env: settings
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/health/live'
                port: 3000
              }
              periodSeconds: 6
              failureThreshold: 10
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/health/live'
                port: 3000
              }
              periodSeconds: 10
              timeoutSeconds: 5
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/health'
                port: 3000
              }
              periodSeconds: 5
              timeoutSeconds: 3
            }
          ]
        }
      ]
      scale: {
        minReplicas: minApiReplicas
        maxReplicas: maxApiReplicas
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: '100'
              }
            }
          }
        ]
      }
    }
  }
  dependsOn: [
    mayPull
    mayReadSecrets
    redisPassword
    keys
  ]
}

// Where the jobs of the queue `default` wait. Those with a group stand in lists of their own: there are keys of the groups that have any,
// and of those that a limit keeps back. `job_queue:active` has the workers that have had jobs within a lease: one stays, or a job that
// takes hours would be stopped, and begun anew, for ever, because nothing waits behind it. Workers also make deliveries. A queue of
// another name has queue:<name> where job_queue stands; the scaler takes the length of whatever type a key is.
var lists = [
  {
    name: 'waiting'
    list: 'job_queue'
    length: jobsPerWorker
  }
  {
    name: 'waiting-high'
    list: 'job_queue:high'
    length: jobsPerWorker
  }
  {
    name: 'waiting-low'
    list: 'job_queue:low'
    length: jobsPerWorker
  }
  {
    name: 'groups-high'
    list: 'job_queue:turns:h'
    length: jobsPerWorker
  }
  {
    name: 'groups'
    list: 'job_queue:turns:n'
    length: jobsPerWorker
  }
  {
    name: 'groups-low'
    list: 'job_queue:turns:l'
    length: jobsPerWorker
  }
  {
    name: 'groups-asleep'
    list: 'job_queue:asleep'
    length: jobsPerWorker
  }
  {
    name: 'running'
    list: 'job_queue:active'
    length: jobsPerWorker
  }
  {
    name: 'deliveries'
    list: 'queue:bellhop.webhooks'
    length: 100
  }
]

resource worker 'Microsoft.App/containerApps@2025-01-01' = {
  name: '${name}-worker'
  location: location
  identity: identityOfApps
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: registries
      secrets: secrets
    }
    template: {
      // above the default SHUTDOWN_GRACE_SECONDS and the 10 s after it in which what still runs is handed back
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'worker'
          image: '${registry.properties.loginServer}/${image}'
          command: [
            'node'
            'dist/worker/main.js'
          ]
          env: concat(settings, [
            {
              name: 'WORKER_CONCURRENCY'
              value: string(workerConcurrency)
            }
          ])
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          probes: [
            {
              type: 'Liveness'
              httpGet: {
                path: '/health/live'
                port: 3001
              }
              initialDelaySeconds: 10
              // a handler that computes keeps the main thread from answering: its job goes on for MAX_BLOCKED_SECONDS, so its worker may, too
              periodSeconds: 35
              timeoutSeconds: 5
              failureThreshold: 10
            }
          ]
        }
      ]
      scale: {
        minReplicas: minWorkers
        maxReplicas: maxWorkers
        pollingInterval: 10
        cooldownPeriod: 300
        rules: [
          for item in lists: {
            name: item.name
            custom: {
              type: 'redis'
              metadata: {
                host: redis.outputs.host
                port: string(redis.outputs.port)
                enableTLS: 'true'
                listName: item.list
                listLength: string(item.length)
              }
              auth: [
                {
                  secretRef: 'redis-password'
                  triggerParameter: 'password'
                }
              ]
            }
          }
        ]
      }
    }
  }
  dependsOn: [
    mayPull
    mayReadSecrets
    redisPassword
    keys
  ]
}

output url string = 'https://${api.properties.configuration.ingress.fqdn}'
output redisHost string = redis.outputs.host
